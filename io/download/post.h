#pragma once

#include <map>
#include <string>
#include <vector>

namespace cornu::io::download {

/// What is sent along with a body.
struct PostConfig {
  std::string content_type = "application/json";
  std::map<std::string, std::string> headers = {};
  int timeout = 10;  ///< seconds for all of it
};

/// Sends a body to a URL (http, https) by POST; what the server answers is not looked at. Throws IoError, naming the
/// URL, if there is no answer in time, or one with a status from 400 on.
///
///     post("http://localhost:9000/publish", R"({"loss": 0.5})");
void post(const std::string& url, const std::string& body, const PostConfig& config = {});

/// A text as it stands in the body of a form: what is neither a letter nor a digit as %XX.
std::string form_encoded(const std::string& text);

}  // namespace cornu::io::download
