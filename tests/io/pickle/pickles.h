#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace cornu::tests {

/// Pickles as Python 2 and NumPy 1 wrote them, protocol 2: parts that are put together, between `begin` and a point.
namespace pickles {

inline std::string little(std::uint64_t value, int bytes) {
  std::string text;
  for (int i = 0; i < bytes; ++i) text += static_cast<char>(value >> (8 * i));
  return text;
}
inline std::string whole(const std::string& parts) { return std::string("\x80\x02") + parts + "."; }
inline std::string number(std::int64_t value) {
  if (value >= 0 && value < 256) return "K" + little(static_cast<std::uint64_t>(value), 1);
  if (value >= 0 && value < 65536) return "M" + little(static_cast<std::uint64_t>(value), 2);
  return "J" + little(static_cast<std::uint64_t>(value), 4);
}
inline std::string text(const std::string& bytes) {
  return bytes.size() < 256 ? "U" + little(bytes.size(), 1) + bytes : "T" + little(bytes.size(), 4) + bytes;
}
inline std::string list(const std::vector<std::string>& values) {
  std::string parts = "](";
  for (const std::string& value : values) parts += value;
  return parts + "e";
}
inline std::string numbers(const std::vector<std::int64_t>& values) {
  std::vector<std::string> parts;
  for (const std::int64_t value : values) parts.push_back(number(value));
  return list(parts);
}
inline std::string dict(const std::vector<std::pair<std::string, std::string>>& items) {
  std::string parts = "}(";
  for (const auto& [key, value] : items) parts += text(key) + value;
  return parts + "u";
}
/// An array with its dtype ("u1", '|') and its data: a text, or a list for objects.
inline std::string array(const std::string& code, char order, const std::vector<std::int64_t>& shape,
                         const std::string& data, bool fortran = false) {
  std::string lengths = "(";
  for (const std::int64_t length : shape) lengths += number(length);
  const std::string dtype = "cnumpy\ndtype\n" + text(code) + "K" + std::string(1, '\0') + "K\x01\x87R(K\x03" +
                            text(std::string(1, order)) + "NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK" +
                            std::string(1, '\0') + "tb";
  return "cnumpy.core.multiarray\n_reconstruct\ncnumpy\nndarray\nK" + std::string(1, '\0') + "\x85" + text("b") +
         "\x87R(K\x01" + lengths + "t" + dtype + (fortran ? "\x88" : "\x89") + data + "tb";
}
inline std::string lists(const std::vector<std::vector<std::int64_t>>& values) {
  std::vector<std::string> parts;
  for (const auto& value : values) parts.push_back(numbers(value));
  return array("O8", '|', {static_cast<std::int64_t>(values.size())}, list(parts));
}

}  // namespace pickles

}  // namespace cornu::tests
