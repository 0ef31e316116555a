#include "cornu/keras/data/internal/node.h"
#include "cornu/keras/data/internal/with_arrays.h"

namespace cornu::keras::data {

using graph::Array;
using graph::require;

namespace internal {
namespace {

class Unbatched final : public Elements {
 public:
  explicit Unbatched(ElementsPointer input) : input_(std::move(input)) {}
  bool next(Element& element) override {
    if (!skip()) return false;
    element = with_arrays(batch_, [&](const Array& array) { return Array(array[row_ - 1]); });
    return true;
  }
  bool skip() override {
    while (row_ >= rows_) {
      if (!input_->next(batch_)) return false;
      open();
    }
    ++row_;
    return true;
  }

 private:
  void open() {
    row_ = 0, rows_ = -1;
    for (const Arrays& part : batch_.parts())
      for (const Array& array : part) {
        require<ShapeError>(array.ndim() > 0 && (rows_ < 0 || array.rows() == rows_),
                            "Dataset.unbatch: expected arrays with as many rows each, got ", batch_);
        rows_ = array.rows();
      }
  }

  ElementsPointer input_;
  Element batch_;
  std::int64_t rows_ = 0, row_ = 0;
};

class UnbatchNode final : public NodeOfOne {
 public:
  using NodeOfOne::NodeOfOne;
  std::int64_t cardinality() const override {
    const std::int64_t n = input().cardinality();
    return n == 0 || n == kInfiniteCardinality ? n : kUnknownCardinality;
  }
  ElementsPointer elements(const Iteration& iteration) const override {
    return std::make_unique<Unbatched>(input().elements(iteration));
  }
};

}  // namespace
}  // namespace internal

Dataset Dataset::unbatch() const { return internal::dataset_of<internal::UnbatchNode>(node_); }

}  // namespace cornu::keras::data
