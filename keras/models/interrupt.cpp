#include "cornu/keras/models/internal/interrupt.h"

#include <atomic>
#include <csignal>
#include <mutex>

namespace cornu::keras::models {
namespace {

std::mutex mutex;
int watching = 0;
bool installed = false;
struct sigaction before;
std::atomic<bool> signalled{false};
static_assert(std::atomic<bool>::is_always_lock_free, "a signal handler sets it");

extern "C" void cornu_on_interrupt(int signal) {
  if (!signalled.exchange(true)) return;
  std::signal(signal, SIG_DFL);  // the second one means it
  std::raise(signal);
}

}  // namespace

InterruptWatch::InterruptWatch() {
  const std::lock_guard lock(mutex);
  if (watching++ > 0) return;
  signalled = false;
  sigaction(SIGINT, nullptr, &before);
  installed = !(before.sa_flags & SA_SIGINFO) && before.sa_handler == SIG_DFL;
  if (!installed) return;
  struct sigaction ours {};
  ours.sa_handler = cornu_on_interrupt;
  sigemptyset(&ours.sa_mask);
  ours.sa_flags = SA_RESTART;
  sigaction(SIGINT, &ours, nullptr);
}

InterruptWatch::~InterruptWatch() {
  const std::lock_guard lock(mutex);
  if (--watching > 0 || !installed) return;
  struct sigaction now;
  sigaction(SIGINT, nullptr, &now);
  if (now.sa_handler == cornu_on_interrupt)
    sigaction(SIGINT, &before, nullptr);  // unless the program has set its own since
}

bool InterruptWatch::interrupted() const { return signalled; }

}  // namespace cornu::keras::models
