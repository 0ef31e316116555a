// Datasets of arrays that are there.
#include <omp.h>

#include <utility>

#include "cornu/keras/data/internal/node.h"
#include "cornu/keras/data/internal/table_node.h"
#include "cornu/keras/data/internal/with_arrays.h"
#include "cornu/keras/data/rows.h"

namespace cornu::keras::data {

using graph::Array;
using graph::require;
using graph::ShapeError;

namespace internal {
namespace {

// Columns of rows: the parts of elements, each with the names and the number of arrays of `like`.
class ColumnTable final : public Table {
 public:
  ColumnTable(Element like, std::vector<std::vector<Rows>> columns)
      : like_(std::move(like)), columns_(std::move(columns)) {}
  std::int64_t rows() const override {
    for (const auto& part : columns_)
      if (!part.empty()) return part[0].size();
    return 0;
  }
  Element row(std::int64_t number) const override {
    return with_places(like_, [&](std::size_t part, std::size_t i) { return columns_[part][i].row(number); });
  }
  Element gather(const std::vector<std::int64_t>& numbers, Element* kept) const override {
    if (kept == nullptr)
      return with_places(like_, [&](std::size_t part, std::size_t i) { return columns_[part][i].gather(numbers); });
    // Who has kept memory is the thread that trains: the others leave its team of threads to it.
    const auto count = static_cast<std::int64_t>(numbers.size());
    if (kept->empty())  // the first batch is the largest one
      *kept = with_places(like_, [&](std::size_t part, std::size_t i) {
        const graph::Spec& spec = columns_[part][i].spec();
        return Array(spec.shape.with(0, count), spec.dtype);
      });
    return with_places(like_, [&](std::size_t part, std::size_t i) {
      return columns_[part][i].gather_into(numbers, kept->part(part)[i], omp_get_max_threads());
    });
  }

 private:
  Element like_;
  std::vector<std::vector<Rows>> columns_;
};

class RowsInOrder final : public Numbers {
 public:
  explicit RowsInOrder(std::int64_t rows) : rows_(rows) {}
  bool next(std::int64_t& number) override {
    number = at_;
    return at_ < rows_ && (++at_, true);
  }

 private:
  std::int64_t rows_, at_ = 0;
};

class RowsOf final : public Elements {
 public:
  RowsOf(std::shared_ptr<const Table> table, NumbersPointer numbers)
      : table_(std::move(table)), numbers_(std::move(numbers)) {}
  bool next(Element& element) override {
    std::int64_t number = 0;
    if (!numbers_->next(number)) return false;
    element = table_->row(number);
    return true;
  }
  bool skip() override { return numbers_->skip(); }

 private:
  std::shared_ptr<const Table> table_;
  NumbersPointer numbers_;
};

}  // namespace

ElementsPointer rows_of(std::shared_ptr<const Table> table, NumbersPointer numbers) {
  return std::make_unique<RowsOf>(std::move(table), std::move(numbers));
}

ElementsPointer TableNode::elements(const Iteration& iteration) const { return rows_of(table_, numbers(iteration)); }
NumbersPointer TableNode::numbers(const Iteration&) const { return std::make_unique<RowsInOrder>(table_->rows()); }

}  // namespace internal

Dataset::Dataset() : Dataset(range(0)) {}

namespace {

constexpr const char* kSlices = "Dataset.from_tensor_slices: ";

Dataset dataset_of_columns(Element like, std::vector<std::vector<Rows>> columns) {
  const Rows* first = nullptr;
  for (const auto& part : columns)
    for (const Rows& rows : part) {
      if (first == nullptr) first = &rows;
      require<ValueError>(rows.size() == first->size(), kSlices, "expected as many rows in each array, got ",
                          first->spec(), " and ", rows.spec());
    }
  require<ValueError>(first != nullptr, kSlices, "expected arrays, got none");
  return internal::dataset_of<internal::TableNode>(
      std::make_shared<internal::ColumnTable>(std::move(like), std::move(columns)));
}

}  // namespace

Dataset Dataset::from_tensor_slices(Element columns) {
  std::vector<std::vector<Rows>> rows;
  for (const Arrays& part : columns.parts()) {
    rows.emplace_back();
    for (const Array& column : part) {
      require<ShapeError>(column.ndim() > 0, kSlices, "expected arrays with an axis of rows, got ", columns);
      rows.back().emplace_back(column);
    }
  }
  return dataset_of_columns(std::move(columns), std::move(rows));
}

Dataset Dataset::from_tensor_slices(std::vector<Rows> columns) {
  Element like;
  std::vector<std::vector<Rows>> rows;
  for (Rows& column : columns) {
    like.append(Array(Shape{0}, column.spec().dtype));
    rows.push_back({std::move(column)});
  }
  return dataset_of_columns(std::move(like), std::move(rows));
}

Dataset Dataset::from_tensor_slices(std::initializer_list<Rows> columns) {
  return from_tensor_slices(std::vector<Rows>(columns));
}

Dataset Dataset::from_tensors(Element element) {
  Element rows = internal::with_arrays(element, [](const Array& a) { return a.reshape(a.shape().prepend(1)); });
  return from_tensor_slices(std::move(rows));
}

}  // namespace cornu::keras::data
