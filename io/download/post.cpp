#include "cornu/io/download/post.h"

#include <memory>

#include "cornu/graph/check.h"
#include "cornu/io/download/internal/curl.h"

namespace cornu::io::download {

using graph::IoError;
using graph::require;

void post(const std::string& url, const std::string& body, const PostConfig& config) {
  const internal::Curl curl;
  curl_slist* list = nullptr;
  const auto add = [&](const std::string& header) {
    curl_slist* longer = curl_slist_append(list, header.c_str());
    if (longer != nullptr) list = longer;
  };
  add("Content-Type: " + config.content_type);
  for (const auto& [name, value] : config.headers) add(name + ": " + value);
  const std::unique_ptr<curl_slist, void (*)(curl_slist*)> headers(list, curl_slist_free_all);

  char reason[CURL_ERROR_SIZE] = "";
  curl_easy_setopt(curl.handle, CURLOPT_URL, url.c_str());
  curl_easy_setopt(curl.handle, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(curl.handle, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(body.size()));
  curl_easy_setopt(curl.handle, CURLOPT_POSTFIELDS, body.c_str());
  curl_easy_setopt(curl.handle, CURLOPT_HTTPHEADER, headers.get());
  curl_easy_setopt(curl.handle, CURLOPT_FAILONERROR, 1L);
  curl_easy_setopt(curl.handle, CURLOPT_TIMEOUT, static_cast<long>(config.timeout));
  curl_easy_setopt(curl.handle, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(curl.handle, CURLOPT_ERRORBUFFER, reason);
  curl_easy_setopt(
      curl.handle, CURLOPT_WRITEFUNCTION,
      +[](char*, std::size_t size, std::size_t count, void*) { return size * count; });
  const CURLcode status = curl_easy_perform(curl.handle);
  require<IoError>(status == CURLE_OK, "[", url, "] cannot post: ", *reason ? reason : curl_easy_strerror(status));
}

std::string form_encoded(const std::string& text) {
  constexpr char kDigits[] = "0123456789ABCDEF";
  std::string encoded;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const bool plain = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '-' ||
                       c == '_' || c == '.' || c == '~';
    if (plain)
      encoded += c;
    else if (c == ' ')
      encoded += '+';
    else
      (encoded += '%') += {kDigits[byte >> 4], kDigits[byte & 15]};
  }
  return encoded;
}

}  // namespace cornu::io::download
