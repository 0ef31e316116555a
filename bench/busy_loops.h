#pragma once

#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <system_error>
#include <vector>

namespace bench {

/// Processes that do nothing but keep a processor busy each, while this lives; they die with the program, too.
class BusyLoops {
 public:
  explicit BusyLoops(int count) {
    const pid_t parent = getpid();
    for (int i = 0; i < count; ++i) {
      const pid_t child = fork();
      if (child < 0) {
        const int error = errno;
        end();
        throw std::system_error(error, std::generic_category(), "a busy loop cannot be started");
      }
      if (child == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        if (getppid() != parent) _exit(0);  // it died before it could be watched
        for (volatile unsigned long n = 0;;) n = n + 1;
      }
      children_.push_back(child);
    }
  }
  ~BusyLoops() { end(); }
  BusyLoops(const BusyLoops&) = delete;
  BusyLoops& operator=(const BusyLoops&) = delete;

 private:
  void end() {
    for (const pid_t child : children_) kill(child, SIGKILL);
    for (const pid_t child : children_) waitpid(child, nullptr, 0);
    children_.clear();
  }
  std::vector<pid_t> children_;
};

}  // namespace bench
