#include "cornu/io/download/download.h"

#include <chrono>
#include <exception>
#include <ostream>

#include "cornu/graph/check.h"
#include "cornu/io/atomic_file.h"
#include "cornu/io/download/internal/curl.h"
#include "cornu/io/download/internal/digest.h"

namespace cornu::io::download {

using namespace graph;

namespace {

/// Keras 2's bar of 30 characters over bytes, redrawn in place; the last state ends with a new line.
class ProgressBar {
 public:
  explicit ProgressBar(std::ostream* out) : out_(out) {}

  void update(std::int64_t done, std::int64_t total) {
    if (!out_ || done <= 0) return;
    const Clock::time_point now = Clock::now();
    const bool finished = total > 0 && done >= total;
    if (finished_ || (!finished && now - drawn_ < std::chrono::milliseconds(50))) return;
    draw(done, total, now, finished);
  }

  /// If the length was not known, this is where the bar learns it.
  void finish(std::int64_t done) {
    if (out_ && !finished_) draw(done, done, Clock::now(), true);
  }

 private:
  using Clock = std::chrono::steady_clock;

  void draw(std::int64_t done, std::int64_t total, Clock::time_point now, bool finished) {
    constexpr int kWidth = 30;
    drawn_ = now;
    finished_ = finished;
    const double seconds = std::chrono::duration<double>(now - start_).count();
    std::string line;
    if (total > 0) {
      const std::string whole = std::to_string(total), part = std::to_string(done);
      const int filled =
          static_cast<int>(static_cast<double>(kWidth) * static_cast<double>(done) / static_cast<double>(total));
      std::string bar(static_cast<std::size_t>(filled), '=');
      if (filled > 0 && !finished) bar.back() = '>';
      bar.resize(kWidth, '.');
      line = std::string(whole.size() - part.size(), ' ') + part + "/" + whole + " [" + bar + "] - ";
      line += finished ? std::to_string(static_cast<int>(seconds + 0.5)) + "s"
                       : "ETA: " +
                             std::to_string(static_cast<int>(seconds / static_cast<double>(done) *
                                                             static_cast<double>(total - done))) +
                             "s";
    } else {
      line = std::to_string(done) + "/Unknown - " + std::to_string(static_cast<int>(seconds)) + "s";
    }
    const std::size_t length = line.size();
    if (length < length_) line.append(length_ - length, ' ');  // the last line may have been longer
    length_ = length;
    *out_ << '\r' << line << (finished ? "\n" : "") << std::flush;
  }

  std::ostream* out_;
  Clock::time_point start_ = Clock::now(), drawn_ = start_ - std::chrono::seconds(1);
  std::size_t length_ = 0;
  bool finished_ = false;
};

struct Transfer {
  AtomicFile& file;
  internal::Digest hash;
  ProgressBar bar;
  std::int64_t done = 0;
  std::exception_ptr error = nullptr;  // exceptions must not pass through libcurl
};

std::size_t receive(char* data, std::size_t, std::size_t size, void* user) {
  auto& transfer = *static_cast<Transfer*>(user);
  try {
    transfer.file.write(data, size);
    transfer.hash.update(data, size);
    transfer.done += static_cast<std::int64_t>(size);
    return size;
  } catch (...) {
    transfer.error = std::current_exception();
    return size + 1;  // any other number than size stops the transfer
  }
}

int show(void* user, curl_off_t total, curl_off_t, curl_off_t, curl_off_t) {
  auto& transfer = *static_cast<Transfer*>(user);
  try {
    transfer.bar.update(transfer.done, total);
    return 0;
  } catch (...) {
    transfer.error = std::current_exception();
    return 1;
  }
}

std::string checked_hash(std::string hash) {
  for (char& c : hash)
    if (c >= 'A' && c <= 'F') c = static_cast<char>(c - 'A' + 'a');
  require<ValueError>(hash.empty() || ((hash.size() == 64 || hash.size() == 32) &&
                                       hash.find_first_not_of("0123456789abcdef") == std::string::npos),
                      "download: file_hash must have 64 hexadecimal digits, or 32 of MD5, got '", hash, "'");
  return hash;
}

}  // namespace

void download(const std::string& url, const std::filesystem::path& path, const DownloadConfig& config) {
  const std::string expected = checked_hash(config.file_hash);
  const internal::Curl curl;
  AtomicFile file(path);
  Transfer transfer{file, internal::Digest(expected), ProgressBar(config.progress)};
  char reason[CURL_ERROR_SIZE] = "";
  curl_easy_setopt(curl.handle, CURLOPT_URL, url.c_str());
  curl_easy_setopt(curl.handle, CURLOPT_PROTOCOLS_STR, "http,https,file");
  curl_easy_setopt(curl.handle, CURLOPT_REDIR_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(curl.handle, CURLOPT_FOLLOWLOCATION, 1L);
  curl_easy_setopt(curl.handle, CURLOPT_MAXREDIRS, 10L);
  curl_easy_setopt(curl.handle, CURLOPT_FAILONERROR, 1L);
  curl_easy_setopt(curl.handle, CURLOPT_CONNECTTIMEOUT, 30L);
  curl_easy_setopt(curl.handle, CURLOPT_LOW_SPEED_LIMIT, 1L);  // a minute without a byte is the end
  curl_easy_setopt(curl.handle, CURLOPT_LOW_SPEED_TIME, 60L);
  curl_easy_setopt(curl.handle, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(curl.handle, CURLOPT_ERRORBUFFER, reason);
  curl_easy_setopt(curl.handle, CURLOPT_WRITEFUNCTION, receive);
  curl_easy_setopt(curl.handle, CURLOPT_WRITEDATA, &transfer);
  curl_easy_setopt(curl.handle, CURLOPT_XFERINFOFUNCTION, show);
  curl_easy_setopt(curl.handle, CURLOPT_XFERINFODATA, &transfer);
  curl_easy_setopt(curl.handle, CURLOPT_NOPROGRESS, 0L);

  if (config.progress) *config.progress << "Downloading data from " << url << std::endl;
  const CURLcode status = curl_easy_perform(curl.handle);
  if (transfer.error) std::rethrow_exception(transfer.error);
  require<IoError>(status == CURLE_OK, "[", url, "] cannot download: ", *reason ? reason : curl_easy_strerror(status));
  const std::string actual = transfer.hash.finish();
  require<FormatError>(expected.empty() || actual == expected, "[", url, "] the content has the ", transfer.hash.name(),
                       " ", actual, ", expected was ", expected,
                       ": it was damaged on the way or is not the file it should be");
  file.commit();
  transfer.bar.finish(transfer.done);
}

}  // namespace cornu::io::download
