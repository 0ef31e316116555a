// Dataset::cache in a file: docs/formats/dataset_cache.md.
#include <filesystem>

#include "cornu/io/atomic_file.h"
#include "cornu/io/internal/source.h"
#include "cornu/io/npy/internal/header.h"
#include "cornu/keras/data/internal/node.h"

namespace cornu::keras::data {

using graph::Array;
using graph::require;

namespace internal {
namespace {

constexpr std::string_view kCacheMagic = "CORNU data 1\n\0\0\0";
constexpr std::uint64_t kCacheEnd = 0x444e452d55535243;
constexpr std::size_t kTrailer = 2 * sizeof(std::uint64_t);  // how many elements there were, and kCacheEnd
static_assert(sizeof("CORNU data 1\n\0\0\0") == 17);

template <class T>
void append_number(std::string& to, T value) {
  to.append(reinterpret_cast<const char*>(&value), sizeof(value));
}

std::string written(const Element& element) {
  std::string body;
  append_number(body, static_cast<std::uint32_t>(element.size()));
  for (const Arrays& part : element.parts()) {
    append_number(body, static_cast<std::uint32_t>(part.size()));
    append_number(body, static_cast<std::uint32_t>(part.names().size()));
    for (const std::string& name : part.names()) {
      append_number(body, static_cast<std::uint32_t>(name.size()));
      body += name;
    }
    for (const Array& array : part) {
      body += io::npy::internal::header_of(array.spec());
      if (array.nbytes() > 0) body.append(reinterpret_cast<const char*>(array.bytes()), array.nbytes());
    }
  }
  return body;
}

// A part of the file, read from its beginning.
class Section final : public io::internal::Source {
 public:
  Section(const io::internal::InputFile& file, std::uint64_t start, std::uint64_t bytes)
      : Source(file.name()), file_(file), at_(start), left_(bytes) {
    if (start > file.size() || bytes > file.size() - start) malformed("the cache is cut short or damaged");
  }
  void read(std::span<std::byte> out) override {
    if (out.size() > left_) malformed("damaged: an element is longer than its place");
    file_.read_at(at_, out);
    at_ += out.size(), left_ -= out.size();
  }
  std::uint64_t left() const override { return left_; }
  template <class T>
  T number() {
    T value{};
    read(std::as_writable_bytes(std::span(&value, 1)));
    return value;
  }
  /// How many things follow that take at least so many bytes each.
  std::uint32_t count(std::uint64_t bytes_each) {
    const auto n = number<std::uint32_t>();
    if (n > left_ / bytes_each) malformed("damaged: ", n, " parts in ", left_, " bytes");
    return n;
  }

 private:
  const io::internal::InputFile& file_;
  std::uint64_t at_, left_;
};

Element read_element(Section& section) {
  std::vector<Arrays> parts(section.count(2 * sizeof(std::uint32_t)));
  for (Arrays& part : parts) {
    const std::uint32_t arrays = section.count(1), names = section.count(1);
    if (names != 0 && names != arrays) section.malformed("damaged: ", names, " names of ", arrays, " arrays");
    std::vector<std::string> name_list(names);
    for (std::string& name : name_list) {
      name.resize(section.count(1));
      section.read(std::as_writable_bytes(std::span(name)));
    }
    std::vector<Array> array_list;
    for (std::uint32_t i = 0; i < arrays; ++i) array_list.push_back(io::npy::internal::read_array(section));
    part = names == 0 ? Arrays(std::move(array_list)) : Arrays(std::move(name_list), std::move(array_list));
  }
  if (section.left() != 0) section.malformed("damaged: an element is shorter than its place");
  return Element(std::move(parts));
}

class FromCacheFile final : public Elements {
 public:
  explicit FromCacheFile(const io::Path& path) : file_(path) {
    std::string magic(kCacheMagic.size(), ' ');
    Section(file_, 0, magic.size()).read(std::as_writable_bytes(std::span(magic)));
    if (magic != kCacheMagic) file_.malformed("this is no cache of a Dataset");
    at_ = magic.size();
    if (file_.size() < at_ + kTrailer) file_.malformed("the cache is cut short or damaged");
    Section end(file_, file_.size() - kTrailer, kTrailer);
    count_ = end.number<std::uint64_t>();
    if (end.number<std::uint64_t>() != kCacheEnd) end.malformed("the cache is cut short or damaged");
  }
  std::uint64_t count() const { return count_; }
  bool next(Element& element) override {
    const std::uint64_t bytes = advance();
    if (bytes == 0) return false;
    Section section(file_, at_ - bytes, bytes);
    element = read_element(section);
    return true;
  }
  bool skip() override { return advance() > 0; }

 private:
  // The bytes of the next element, which end at `at_`.
  std::uint64_t advance() {
    const std::uint64_t end = file_.size() - kTrailer;
    if (given_ == count_) {
      if (at_ != end) file_.malformed("damaged: more elements than were counted");
      return 0;
    }
    Section length(file_, at_, sizeof(std::uint64_t));
    const auto bytes = length.number<std::uint64_t>();
    at_ += sizeof(bytes);
    if (bytes == 0 || at_ > end || bytes > end - at_) length.malformed("damaged: an element of ", bytes, " bytes");
    at_ += bytes;
    ++given_;
    return bytes;
  }

  io::internal::InputFile file_;
  std::uint64_t at_ = 0, count_ = 0, given_ = 0;
};

// Writes what it gives; the file is there once all of it was given.
class ToCacheFile final : public Elements {
 public:
  ToCacheFile(ElementsPointer input, std::int64_t count, const io::Path& path)
      : input_(std::move(input)), count_(count), file_(path) {
    file_.write(kCacheMagic.data(), kCacheMagic.size());
  }
  bool next(Element& element) override {
    const bool more = given_ != count_ && input_->next(element);
    if (more) {
      const std::string body = written(element);
      const std::uint64_t bytes = body.size();
      file_.write(&bytes, sizeof(bytes));
      file_.write(body.data(), body.size());
      ++given_;
    }
    if ((!more || given_ == count_) && !committed_) {
      const std::uint64_t trailer[] = {static_cast<std::uint64_t>(given_), kCacheEnd};
      file_.write(trailer, sizeof(trailer));
      file_.commit();
      committed_ = true;
    }
    return more;
  }

 private:
  ElementsPointer input_;
  std::int64_t count_, given_ = 0;
  io::AtomicFile file_;
  bool committed_ = false;
};

class CacheFileNode final : public NodeOfOne {
 public:
  CacheFileNode(NodePointer input, io::Path path) : NodeOfOne(std::move(input)), path_(std::move(path)) {}
  std::int64_t cardinality() const override {
    return there() ? static_cast<std::int64_t>(FromCacheFile(path_).count()) : input().cardinality();
  }
  ElementsPointer elements(const Iteration& iteration) const override {
    if (there()) return std::make_unique<FromCacheFile>(path_);
    return std::make_unique<ToCacheFile>(input().elements({0, iteration.seed}), input().cardinality(), path_);
  }

 private:
  bool there() const { return std::filesystem::exists(path_); }

  io::Path path_;
};

}  // namespace
}  // namespace internal

Dataset Dataset::cache(const io::Path& filename) const {
  if (filename.empty()) return cache();  // as in tf.data
  return internal::dataset_of<internal::CacheFileNode>(node_, filename);
}

}  // namespace cornu::keras::data
