#include "cornu/io/hdf5/internal/isolate.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <new>
#include <string>

#include "cornu/io/hdf5/internal/copy.h"
#include "cornu/io/hdf5/internal/descriptor_driver.h"
#include "cornu/io/hdf5/internal/structure_check.h"

namespace cornu::io::hdf5::internal {

using graph::message;
using graph::require;

namespace {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool kLimitMemory = false;  // their shadow memory alone takes terabytes of address space
#else
constexpr bool kLimitMemory = true;
#endif

// The first byte that the child sends says how it went; the text of an error follows.
constexpr char kSound = 'k', kFormatError = 'f', kIoError = 'i';

std::size_t address_space_in_use() {
  std::size_t pages = 0;
  std::ifstream("/proc/self/statm") >> pages;
  return pages * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
}

void limit(int resource, rlim_t value) {
  const rlimit both{value, value};
  ::setrlimit(static_cast<__rlimit_resource_t>(resource), &both);
}

void send(int descriptor, char kind, const char* text) {
  std::string bytes = kind + std::string(text);
  for (std::size_t done = 0; done < bytes.size();) {
    const ssize_t n = ::write(descriptor, bytes.data() + done, bytes.size() - done);
    if (n <= 0) return;
    done += static_cast<std::size_t>(n);
  }
}

[[noreturn]] void run_child(const std::filesystem::path& path, const IsolationLimits& limits, std::size_t memory,
                            const std::function<void()>& work, int out) {
  // A crash must end this process, not run handlers of the program's.
  for (int number : {SIGSEGV, SIGBUS, SIGABRT, SIGFPE, SIGILL, SIGXCPU}) ::signal(number, SIG_DFL);
  ::signal(SIGPIPE, SIG_IGN);
  ::signal(SIGXFSZ, SIG_IGN);  // a copy that grows too large is an error of the write
  limit(RLIMIT_CORE, 0);
  limit(RLIMIT_CPU, static_cast<rlim_t>(limits.cpu_time.count()));
  limit(RLIMIT_FSIZE, limits.memory);
  if (kLimitMemory) limit(RLIMIT_AS, memory);
  // Held by the parent during the fork, so that no other thread was inside of the library; its copy here is this
  // thread's own.
  library_mutex().unlock();
  try {
    work();
    send(out, kSound, "");
  } catch (const IoError& e) {
    send(out, kIoError, e.what());
  } catch (const std::bad_alloc&) {
    send(out, kFormatError,
         message(path.string(), ": reading it takes more than ", limits.memory, " bytes of memory").c_str());
  } catch (const std::exception& e) {
    send(out, kFormatError, e.what());
  }
  ::_exit(0);
}

std::string receive(int descriptor) {
  std::string all;
  char buffer[4096];
  for (;;) {
    const ssize_t n = ::read(descriptor, buffer, sizeof buffer);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return all;
    all.append(buffer, static_cast<std::size_t>(n));
  }
}

}  // namespace

void isolate(const std::filesystem::path& path, const IsolationLimits& limits, const std::function<void()>& work) {
  require<ValueError>(limits.cpu_time.count() > 0 && limits.memory > 0, path.string(),
                      ": the limits of an isolated reader must be positive, got ", limits.cpu_time.count(), " s and ",
                      limits.memory, " bytes");
  int ends[2];
  require<IoError>(::pipe2(ends, O_CLOEXEC) == 0, path.string(),
                   ": no pipe to an isolated reader: ", std::strerror(errno));
  const std::size_t memory = address_space_in_use() + limits.memory;
  pid_t child;
  {
    std::lock_guard lock(library_mutex());
    child = ::fork();
    if (child == 0) {
      ::close(ends[0]);
      run_child(path, limits, memory, work, ends[1]);
    }
  }
  const int fork_error = errno;
  ::close(ends[1]);
  const std::string answer = child > 0 ? receive(ends[0]) : "";
  ::close(ends[0]);
  require<IoError>(child > 0, path.string(), ": no process for an isolated reader: ", std::strerror(fork_error));
  int status = 0;
  pid_t waited;
  do waited = ::waitpid(child, &status, 0);
  while (waited < 0 && errno == EINTR);

  if (!answer.empty()) {
    require<FormatError>(answer[0] != kFormatError, answer.substr(1));
    require<IoError>(answer[0] != kIoError, answer.substr(1));
    if (answer[0] == kSound) return;
  }
  const int signal = waited == child && WIFSIGNALED(status) ? WTERMSIG(status) : 0;
  require<FormatError>(signal != SIGXCPU && signal != SIGKILL, path.string(),
                       ": the reader did not come to an end within ", limits.cpu_time.count(), " s on this file");
  throw FormatError(message(path.string(), ": the reader crashed (", signal ? message("signal ", signal) : "no signal",
                            ") on this file"));
}

// What a file of so many bytes may ask for, if that is less: deflate makes 1,032 bytes of one at most, and the library
// holds a few copies.
static IsolationLimits limits_of(const Bytes& original, IsolationLimits given) {
  constexpr std::size_t kForAnyFile = std::size_t{256} << 20, kForEachByte = 3 * 1032;
  given.memory = std::min(given.memory, kForAnyFile + kForEachByte * static_cast<std::size_t>(original.size()));
  return given;
}

Bytes isolated_copy(const Bytes& original, const IsolationLimits& given, bool checked) {
  const IsolationLimits limits = limits_of(original, given);
  Bytes copy(original.path(), ::memfd_create("cornu-hdf5", MFD_CLOEXEC | MFD_ALLOW_SEALING));
  isolate(original.path(), limits, [&] {
    if (!checked) check_structure(original);
    Session session;
    const OpenFile from(original);
    const Id access = access_by_descriptor(copy.descriptor());
    Id file(H5Fcreate("copy", H5F_ACC_TRUNC, H5P_DEFAULT, access), H5Fclose);
    require_call<IoError>(bool{file}, original.path().string(), ": no memory for a copy");
    NewFile to(original.path(), std::move(file));
    copy_everything(from, to, limits.memory);
    to.flush();
  });
  // From now on nobody can change what is going to be checked.
  require<IoError>(::fcntl(copy.descriptor(), F_ADD_SEALS, F_SEAL_WRITE | F_SEAL_SHRINK | F_SEAL_GROW) == 0,
                   original.path().string(), ": the copy cannot be sealed: ", std::strerror(errno));
  return Bytes(original.path(), copy.release());
}

}  // namespace cornu::io::hdf5::internal
