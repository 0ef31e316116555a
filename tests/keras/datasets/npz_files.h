#pragma once

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "cornu/io/npy/internal/header.h"
#include "cornu/io/zip/internal/zip.h"
#include "tests/io/pickle/pickles.h"

namespace cornu::tests {

/// A .npy file of lists of numbers, as np.save writes np.array(lists, dtype=object).
inline std::string npy_of_lists(const std::vector<std::vector<std::int64_t>>& lists) {
  std::string header = "{'descr': '|O', 'fortran_order': False, 'shape': (" + std::to_string(lists.size()) + ",), }";
  header.append(63 - (10 + header.size()) % 64, ' ');
  return std::string("\x93NUMPY\x01\0", 8) + pickles::little(header.size() + 1, 2) + header + "\n" +
         pickles::whole(pickles::lists(lists));
}

/// One of whole numbers.
inline std::string npy_of_numbers(const std::vector<std::int64_t>& numbers) {
  const graph::Array array(numbers);
  return io::npy::internal::header_of(array.spec()) +
         std::string(reinterpret_cast<const char*>(array.bytes()), array.nbytes());
}

/// An archive of such files.
inline void write_npz(const std::filesystem::path& path,
                      const std::vector<std::pair<std::string, std::string>>& members) {
  io::AtomicFile file(path);
  io::zip::ZipWriter archive(file);
  for (const auto& [name, bytes] : members) archive.add(name + ".npy", {std::as_bytes(std::span(bytes))});
  archive.finish();
  file.commit();
}

}  // namespace cornu::tests
