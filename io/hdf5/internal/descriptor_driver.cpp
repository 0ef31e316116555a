#include "cornu/io/hdf5/internal/descriptor_driver.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstring>
#include <new>

// The library's own drivers open files by their names. Between the check of a file and the reading something else could
// be put under its name, and a file in memory has none.

namespace cornu::io::hdf5::internal {

using graph::IoError;

namespace {

struct File {
  H5FD_t head;  // the library's part
  int descriptor;
  haddr_t end_of_addresses;  // what the library has given out
};

File* cast(H5FD_t* file) { return reinterpret_cast<File*>(file); }
const File* cast(const H5FD_t* file) { return reinterpret_cast<const File*>(file); }

H5FD_t* open(const char*, unsigned, hid_t access, haddr_t) {
  const void* descriptor = H5Pget_driver_info(access);
  File* file = descriptor ? new (std::nothrow) File{} : nullptr;
  if (!file) return nullptr;
  file->descriptor = ::fcntl(*static_cast<const int*>(descriptor), F_DUPFD_CLOEXEC, 0);
  if (file->descriptor >= 0) return &file->head;
  delete file;
  return nullptr;
}

herr_t close(H5FD_t* file) {
  ::close(cast(file)->descriptor);
  delete cast(file);
  return 0;
}

herr_t query(const H5FD_t*, unsigned long* flags) {
  *flags = H5FD_FEAT_AGGREGATE_METADATA | H5FD_FEAT_ACCUMULATE_METADATA | H5FD_FEAT_DATA_SIEVE |
           H5FD_FEAT_AGGREGATE_SMALLDATA | H5FD_FEAT_DEFAULT_VFD_COMPATIBLE;
  return 0;
}

haddr_t get_eoa(const H5FD_t* file, H5FD_mem_t) { return cast(file)->end_of_addresses; }

herr_t set_eoa(H5FD_t* file, H5FD_mem_t, haddr_t address) {
  cast(file)->end_of_addresses = address;
  return 0;
}

haddr_t get_eof(const H5FD_t* file, H5FD_mem_t) {
  struct stat status {};
  return ::fstat(cast(file)->descriptor, &status) == 0 ? static_cast<haddr_t>(status.st_size) : HADDR_UNDEF;
}

herr_t read(H5FD_t* file, H5FD_mem_t, hid_t, haddr_t address, std::size_t size, void* buffer) {
  auto* to = static_cast<std::byte*>(buffer);
  while (size > 0) {
    const ssize_t n = ::pread(cast(file)->descriptor, to, size, static_cast<off_t>(address));
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return -1;
    if (n == 0) {
      std::memset(to, 0, size);  // as the library's own drivers behind the end
      return 0;
    }
    to += n;
    address += static_cast<haddr_t>(n);
    size -= static_cast<std::size_t>(n);
  }
  return 0;
}

herr_t write(H5FD_t* file, H5FD_mem_t, hid_t, haddr_t address, std::size_t size, const void* buffer) {
  const auto* from = static_cast<const std::byte*>(buffer);
  while (size > 0) {
    const ssize_t n = ::pwrite(cast(file)->descriptor, from, size, static_cast<off_t>(address));
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return -1;
    from += n;
    address += static_cast<haddr_t>(n);
    size -= static_cast<std::size_t>(n);
  }
  return 0;
}

herr_t truncate(H5FD_t* file, hid_t, hbool_t) {
  const haddr_t end = cast(file)->end_of_addresses;
  if (get_eof(file, H5FD_MEM_DEFAULT) == end) return 0;
  return ::ftruncate(cast(file)->descriptor, static_cast<off_t>(end));
}

// Registered once and never given back, as the library's own drivers are.
hid_t driver() {
  static const hid_t id = [] {
    H5FD_class_t kind{};
    kind.name = "cornu_descriptor";
    kind.maxaddr = static_cast<haddr_t>(1) << 62;
    kind.fc_degree = H5F_CLOSE_WEAK;
    kind.fapl_size = sizeof(int);
    kind.open = open;
    kind.close = close;
    kind.query = query;
    kind.get_eoa = get_eoa;
    kind.set_eoa = set_eoa;
    kind.get_eof = get_eof;
    kind.read = read;
    kind.write = write;
    kind.truncate = truncate;
    constexpr H5FD_mem_t kFreeLists[] = H5FD_FLMAP_DICHOTOMY;
    std::copy(std::begin(kFreeLists), std::end(kFreeLists), kind.fl_map);
    return H5FDregister(&kind);
  }();
  return id;
}

}  // namespace

Id access_by_descriptor(int descriptor) {
  Id access(H5Pcreate(H5P_FILE_ACCESS), H5Pclose);
  require_call<IoError>(access && H5Pset_driver(access, driver(), &descriptor) >= 0, "HDF5 does not take our driver");
  return access;
}

}  // namespace cornu::io::hdf5::internal
