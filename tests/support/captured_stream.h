#pragma once

#include <ostream>
#include <sstream>
#include <string>

namespace cornu::tests {

/// Keeps what is written to a stream (std::cout, std::cerr) while it lives.
class CapturedStream {
 public:
  explicit CapturedStream(std::ostream& stream) : stream_(stream), before_(stream.rdbuf(kept_.rdbuf())) {}
  ~CapturedStream() { stream_.rdbuf(before_); }
  CapturedStream(const CapturedStream&) = delete;
  CapturedStream& operator=(const CapturedStream&) = delete;

  std::string text() const { return kept_.str(); }

 private:
  std::ostringstream kept_;
  std::ostream& stream_;
  std::streambuf* before_;
};

}  // namespace cornu::tests
