#pragma once

#include <curl/curl.h>

namespace cornu::io::download::internal {

/// A handle of libcurl, which is started once in the process. Throws IoError if it cannot be.
struct Curl {
  Curl();
  ~Curl() { curl_easy_cleanup(handle); }
  Curl(const Curl&) = delete;
  Curl& operator=(const Curl&) = delete;
  CURL* handle;
};

}  // namespace cornu::io::download::internal
