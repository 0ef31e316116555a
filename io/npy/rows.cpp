#include "cornu/io/npy/rows.h"

#include <bit>
#include <cstring>

#include "cornu/graph/check.h"
#include "cornu/io/atomic_file.h"
#include "cornu/io/npy/internal/header.h"

namespace cornu::io::npy {

using graph::Array;
using graph::require;
using graph::ValueError;

struct Rows::Open {
  explicit Open(const Path& path) : file(path) {}
  io::internal::InputFile file;
  internal::Header header{{'f', 4}};
  graph::Spec spec;
  std::uint64_t start = 0, row = 0;  // where the elements begin, and the bytes of a row
  bool as_in_memory = false;
};

namespace {

// Bytes in the middle of a file, as a stream.
class Middle final : public io::internal::Source {
 public:
  Middle(const io::internal::InputFile& file, std::uint64_t start, std::uint64_t bytes)
      : Source(file.name()), file_(file), at_(start), left_(bytes) {}
  void read(std::span<std::byte> out) override {
    file_.read_at(at_, out);
    at_ += out.size(), left_ -= out.size();
  }
  std::uint64_t left() const override { return left_; }

 private:
  const io::internal::InputFile& file_;
  std::uint64_t at_, left_;
};

}  // namespace

Rows::Rows(const Path& path) {
  auto open = std::make_shared<Open>(path);
  open->header = internal::read_header(open->file);
  const auto& [encoding, fortran_order, shape] = open->header;
  const std::string& name = open->file.name();
  require<ValueError>(shape.rank() > 0, "[", name, "] has no rows: its shape is ()");
  require<ValueError>(!fortran_order || shape.rank() == 1, "[", name,
                      "] is in Fortran's order, in which rows do not lie together: save np.ascontiguousarray(x)");
  open->spec = {internal::nearest_dtype(encoding, name), shape};
  open->start = open->file.size() - open->file.left();
  std::uint64_t all = static_cast<std::uint64_t>(encoding.size);
  bool fits = true;
  for (const std::int64_t length : shape.drop_front())
    fits = fits && !__builtin_mul_overflow(all, static_cast<std::uint64_t>(length), &all);
  open->row = all;
  fits = fits && !__builtin_mul_overflow(all, static_cast<std::uint64_t>(shape.front()), &all);
  if (!fits || all > open->file.left())
    open->file.malformed("an array of shape ", shape, " with ", encoding.size, "-byte elements needs more than the ",
                         open->file.left(), " bytes that follow (truncated or damaged)");
  open->as_in_memory = (encoding.order == std::endian::native || encoding.size == 1) && encoding.kind != 'b' &&
                       size_of(open->spec.dtype) == static_cast<std::size_t>(encoding.size);
  open_ = std::move(open);
}

const graph::Spec& Rows::spec() const { return open_->spec; }

Array Rows::read(std::int64_t start, std::int64_t stop) const {
  Array rows(open_->spec.shape.with(0, std::max<std::int64_t>(stop - start, 0)), open_->spec.dtype);
  read_into(start, stop, rows.bytes());
  return rows;
}

void Rows::read_into(std::int64_t start, std::int64_t stop, std::byte* to) const {
  const Open& open = *open_;
  require<ValueError>(start >= 0 && start <= stop && stop <= open.spec.shape.front(), "[", open.file.name(),
                      "] there are no rows ", start, " to ", stop, " in shape ", open.spec.shape);
  const std::uint64_t from = open.start + static_cast<std::uint64_t>(start) * open.row;
  const std::uint64_t bytes = static_cast<std::uint64_t>(stop - start) * open.row;
  if (open.as_in_memory) {
    open.file.read_at(from, {to, bytes});
    return;
  }
  Middle middle(open.file, from, bytes);
  const Array rows = internal::read_elements(middle, open.header.encoding, open.spec.shape.with(0, stop - start));
  if (rows.nbytes() > 0) std::memcpy(to, rows.bytes(), rows.nbytes());
}

struct RowWriter::Open {
  Open(const Path& path, const graph::Spec& whole) : file(path), spec(whole), name(path.string()) {}
  AtomicFile file;
  graph::Spec spec;
  std::string name;
  std::int64_t written = 0;
};

RowWriter::RowWriter(const Path& path, const graph::Spec& spec) {
  require<ValueError>(spec.shape.rank() > 0 && spec.shape.is_static(), "[", path.string(),
                      "] expected the shape of an array with rows, got ", spec.shape);
  open_ = std::make_unique<Open>(path, spec);
  const std::string header = internal::header_of(spec);
  open_->file.write(header.data(), header.size());
}

RowWriter::~RowWriter() = default;
RowWriter::RowWriter(RowWriter&&) noexcept = default;
RowWriter& RowWriter::operator=(RowWriter&&) noexcept = default;

void RowWriter::write(const Array& rows) {
  Open& open = *open_;
  const bool fits = rows.dtype() == open.spec.dtype && rows.ndim() == open.spec.shape.rank() &&
                    rows.shape().drop_front() == open.spec.shape.drop_front() &&
                    rows.rows() <= open.spec.shape.front() - open.written;
  require<graph::ShapeError>(fits, "[", open.name, "] expected rows of ", open.spec, ", of which ", open.written,
                             " are written, got ", rows.spec());
  open.file.write(rows.bytes(), rows.nbytes());
  open.written += rows.rows();
}

void RowWriter::commit() {
  require<ValueError>(open_->written == open_->spec.shape.front(), "[", open_->name, "] ", open_->written, " of ",
                      open_->spec.shape.front(), " rows are written");
  open_->file.commit();
}

}  // namespace cornu::io::npy
