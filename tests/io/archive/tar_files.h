#pragma once

#include <cstdio>
#include <string>
#include <utility>
#include <vector>

namespace cornu::tests {

/// A member of a tar archive of the form "ustar": a header of 512 bytes, and the content in blocks of 512.
inline std::string tar_member(const std::string& name, const std::string& content, char type = '0',
                              const std::string& link = {}) {
  std::string header(512, '\0');
  const auto put = [&](std::size_t at, const std::string& text) { header.replace(at, text.size(), text); };
  const auto octal = [](std::size_t number, int digits) {
    char text[16];
    std::snprintf(text, sizeof(text), "%0*zo", digits, number);
    return std::string(text);
  };
  put(0, name);
  put(100, "0000644");
  put(124, octal(content.size(), 11));
  put(136, "00000000000");
  put(148, std::string(8, ' '));
  header[156] = type;
  put(157, link);
  put(257, std::string("ustar\00000", 8));
  std::size_t sum = 0;
  for (const char c : header) sum += static_cast<unsigned char>(c);
  put(148, octal(sum, 6) + std::string("\0 ", 2));
  return header + content + std::string((512 - content.size() % 512) % 512, '\0');
}

/// An archive of plain files.
inline std::string tar(const std::vector<std::pair<std::string, std::string>>& files) {
  std::string bytes;
  for (const auto& [name, content] : files) bytes += tar_member(name, content);
  return bytes + std::string(1024, '\0');
}

}  // namespace cornu::tests
