#include "cornu/io/hdf5/internal/texts.h"

#include <string_view>

#include "cornu/io/hdf5/internal/open_file.h"

namespace cornu::io::hdf5::internal {

using graph::require;

namespace {

/// Gives texts of variable length back to the library that allocated them.
class BorrowedTexts {
 public:
  BorrowedTexts(hid_t type, hid_t space, std::size_t n) : type_(type), space_(space), texts_(n, nullptr) {}
  ~BorrowedTexts() { H5Dvlen_reclaim(type_, space_, H5P_DEFAULT, texts_.data()); }
  BorrowedTexts(const BorrowedTexts&) = delete;
  BorrowedTexts& operator=(const BorrowedTexts&) = delete;
  std::vector<char*>& texts() { return texts_; }

 private:
  hid_t type_, space_;
  std::vector<char*> texts_;
};

std::string unpad(std::string_view bytes, H5T_str_t padding) {
  if (padding == H5T_STR_NULLTERM) return std::string(bytes.substr(0, bytes.find('\0')));
  const auto last = bytes.find_last_not_of(padding == H5T_STR_SPACEPAD ? ' ' : '\0');
  return std::string(bytes.substr(0, last == std::string_view::npos ? 0 : last + 1));
}

}  // namespace

std::vector<std::string> read_texts(hid_t attribute, const std::string& where) {
  const Id type(H5Aget_type(attribute), H5Tclose), space(H5Aget_space(attribute), H5Sclose);
  require_call<FormatError>(type && space, where, ": cannot be read");
  const hssize_t count = H5Sget_simple_extent_npoints(space);
  if (count <= 0) return {};
  const auto n = static_cast<std::size_t>(count);
  require<FormatError>(H5Tget_class(type) == H5T_STRING, where, " holds ", describe_type(type), ", not texts");

  std::vector<std::string> result;
  result.reserve(n);
  if (H5Tis_variable_str(type) > 0) {
    BorrowedTexts borrowed(type, space, n);
    require_call<FormatError>(H5Aread(attribute, type, borrowed.texts().data()) >= 0, where, ": cannot be read");
    for (const char* text : borrowed.texts()) result.emplace_back(text ? text : "");
  } else {
    const std::size_t size = H5Tget_size(type);
    std::string bytes(n * size, '\0');
    require_call<FormatError>(H5Aread(attribute, type, bytes.data()) >= 0, where, ": cannot be read");
    for (std::size_t i = 0; i < n; ++i)
      result.push_back(unpad(std::string_view(bytes).substr(i * size, size), H5Tget_strpad(type)));
  }
  return result;
}

}  // namespace cornu::io::hdf5::internal
