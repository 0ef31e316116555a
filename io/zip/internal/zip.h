#pragma once

#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cornu/io/atomic_file.h"
#include "cornu/io/internal/source.h"

namespace cornu::io::zip {

using io::internal::InputFile;
using io::internal::Source;

/// One file in a ZIP archive, as the central directory describes it.
struct ZipMember {
  std::string name;
  std::uint16_t flags = 0, method = 0;
  std::uint32_t crc = 0;
  std::uint64_t compressed = 0, size = 0, offset = 0;  // offset: of the local header
};

/// A member's bytes. Having read what it wants, a reader calls `finish`, which reads the rest and compares size and
/// checksum.
class ZipMemberSource : public Source {
 public:
  using Source::Source;
  virtual void finish() = 0;
};

/// A member's bytes, which start at `data_offset`. Throws FormatError if it is encrypted, compressed by another method
/// than deflate, or promises more than its bytes can hold.
std::unique_ptr<ZipMemberSource> member_source(const InputFile& file, const ZipMember& member,
                                               std::uint64_t data_offset);

/// Reads ZIP archives, ZIP64 too, whose members are stored or deflated; other bytes may come before the archive. Names
/// are only names: nothing is written anywhere, and "../x" means nothing in particular. Everything that contradicts
/// itself or the file's length, members that overlap and two of one name are a FormatError.
class ZipReader {
 public:
  explicit ZipReader(const std::filesystem::path& path);
  /// In the order of the archive's directory.
  const std::vector<ZipMember>& members() const { return members_; }
  /// The member of that name, or nullptr.
  const ZipMember* find(std::string_view name) const;
  const std::string& name() const { return file_.name(); }
  /// The bytes of one of the members, from the start on. Any number may be open, also in several threads; the reader
  /// must outlive them.
  std::unique_ptr<ZipMemberSource> open(const ZipMember& member) const;

 private:
  InputFile file_;
  std::vector<ZipMember> members_;
};

/// Writes stored members one after another. A size or an offset of `zip64_from` or more is written in ZIP64's fields;
/// tests make that limit small.
class ZipWriter {
 public:
  explicit ZipWriter(AtomicFile& file, std::uint64_t zip64_from = 0xffffffff) : file_(file), zip64_from_(zip64_from) {}
  /// A member of these parts, one after another.
  void add(std::string_view name, std::initializer_list<std::span<const std::byte>> parts);
  /// Writes the central directory.
  void finish();

 private:
  void write(std::string_view bytes);

  AtomicFile& file_;
  std::uint64_t zip64_from_, position_ = 0;
  std::vector<ZipMember> members_;
};

}  // namespace cornu::io::zip
