#include "cornu/keras/data/rows.h"

#include <cstring>
#include <filesystem>

#include "cornu/graph/check.h"
#include "cornu/io/hdf5/reader.h"
#include "cornu/io/npy/rows.h"
#include "cornu/keras/data/internal/gather.h"

namespace cornu::keras::data {

using graph::Array;
using graph::require;
using graph::Spec;

namespace {

class NpyReader final : public Rows::Reader {
 public:
  explicit NpyReader(const io::Path& path) : rows_(path) {}
  Spec spec() const override { return rows_.spec(); }
  void read(std::int64_t start, std::int64_t stop, std::byte* to) const override { rows_.read_into(start, stop, to); }

 private:
  io::npy::Rows rows_;
};

class Hdf5Reader final : public Rows::Reader {
 public:
  Hdf5Reader(const io::Path& path, const std::string& dataset)
      : dataset_(io::hdf5::File(path).root().at(dataset)), spec_(dataset_.spec()) {}
  Spec spec() const override { return spec_; }
  void read(std::int64_t start, std::int64_t stop, std::byte* to) const override {
    const Array rows = dataset_.read(start, stop);
    if (rows.nbytes() > 0) std::memcpy(to, rows.bytes(), rows.nbytes());
  }

 private:
  io::hdf5::Dataset dataset_;
  Spec spec_;
};

Spec with_rows(Spec spec) {
  require<ShapeError>(spec.shape.rank() > 0, "data::Rows: expected an axis of rows, got ", spec);
  return spec;
}

// The end of the stretch of numbers that follow each other, from `begin` on.
std::size_t stretch(std::span<const std::int64_t> numbers, std::size_t begin) {
  std::size_t end = begin + 1;
  while (end < numbers.size() && numbers[end] == numbers[end - 1] + 1) ++end;
  return end;
}

}  // namespace

Rows::Reader::~Reader() = default;

Rows::Rows(Array array) : array_(std::move(array)), spec_(with_rows(array_.spec())) {}
Rows::Rows(std::shared_ptr<const Reader> reader) : reader_(std::move(reader)), spec_(with_rows(reader_->spec())) {}
Rows Rows::npy(const io::Path& path) { return Rows(std::make_shared<NpyReader>(path)); }
Rows Rows::hdf5(const io::Path& path, const std::string& dataset) {
  return Rows(std::make_shared<Hdf5Reader>(path, dataset));
}

bool Rows::is_view(std::span<const std::int64_t> numbers) const {
  return reader_ == nullptr && !numbers.empty() && stretch(numbers, 0) == numbers.size();
}

Array Rows::gather(std::span<const std::int64_t> numbers) const {
  if (is_view(numbers)) return array_.slice(numbers.front(), numbers.back() + 1);
  return gather_into(numbers, Array(spec_.shape.with(0, static_cast<std::int64_t>(numbers.size())), spec_.dtype));
}

Array Rows::gather_into(std::span<const std::int64_t> numbers, const Array& to, int threads) const {
  if (is_view(numbers)) return array_.slice(numbers.front(), numbers.back() + 1);
  require<ShapeError>(to.dtype() == spec_.dtype && to.ndim() == spec_.shape.rank() &&
                          to.shape().drop_front() == spec_.shape.drop_front() &&
                          to.rows() >= static_cast<std::int64_t>(numbers.size()),
                      "data::Rows: ", numbers.size(), " rows of ", spec_, " do not fit into ", to.spec());
  const Array rows = to.slice(0, static_cast<std::int64_t>(numbers.size()));
  if (reader_ == nullptr) {
    internal::gather_rows(array_, numbers, rows, threads);
    return rows;
  }
  const std::size_t row = numbers.empty() ? 0 : rows.nbytes() / numbers.size();
  for (std::size_t i = 0, end = 0; i < numbers.size(); i = end) {
    end = stretch(numbers, i);
    reader_->read(numbers[i], numbers[end - 1] + 1, rows.bytes() + i * row);
  }
  return rows;
}

Array Rows::row(std::int64_t number) const {
  if (reader_ == nullptr) return array_[number];
  return gather({&number, 1}).reshape(spec_.shape.drop_front());
}

}  // namespace cornu::keras::data
