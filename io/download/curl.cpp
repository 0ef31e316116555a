#include "cornu/io/download/internal/curl.h"

#include <mutex>

#include "cornu/graph/check.h"

namespace cornu::io::download::internal {

Curl::Curl() {
  static std::once_flag once;
  std::call_once(once, [] { curl_global_init(CURL_GLOBAL_DEFAULT); });
  handle = curl_easy_init();
  graph::require<graph::IoError>(handle != nullptr, "libcurl cannot be started");
}

}  // namespace cornu::io::download::internal
