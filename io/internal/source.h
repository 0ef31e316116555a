#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>

#include "cornu/graph/check.h"

namespace cornu::io::internal {

/// Bytes that come one after another, from a file or out of a compressed stream. `name` is what error messages begin
/// with.
class Source {
 public:
  explicit Source(std::string name) : name_(std::move(name)) {}
  virtual ~Source() = default;
  Source(const Source&) = delete;
  Source& operator=(const Source&) = delete;

  const std::string& name() const { return name_; }
  /// Fills all of `out`; throws FormatError if the bytes end before.
  virtual void read(std::span<std::byte> out) = 0;
  /// No more bytes than this can follow: what is read from the file itself is never trusted to allocate more.
  virtual std::uint64_t left() const = 0;

  template <class... Parts>
  [[noreturn]] void malformed(const Parts&... parts) const {
    throw graph::FormatError(graph::message("[", name_, "] ", parts...));
  }

 private:
  std::string name_;
};

/// A file open for reading, at any place or in sequence. Throws IoError if it is missing, a folder or cannot be read.
class InputFile final : public Source {
 public:
  explicit InputFile(const std::filesystem::path& path);
  ~InputFile() override;

  std::uint64_t size() const { return size_; }
  int descriptor() const { return descriptor_; }
  void read(std::span<std::byte> out) override {
    read_at(position_, out);
    position_ += out.size();
  }
  std::uint64_t left() const override { return size_ - position_; }
  /// Fills all of `out`; throws FormatError if the file ends before.
  void read_at(std::uint64_t offset, std::span<std::byte> out) const;

 private:
  int descriptor_;
  std::uint64_t size_ = 0, position_ = 0;
};

}  // namespace cornu::io::internal
