#pragma once

#include "cornu/keras/data/internal/node.h"

namespace cornu::keras::data::internal {

/// The rows of a table in its order.
class TableNode final : public Node {
 public:
  explicit TableNode(std::shared_ptr<const Table> table) : table_(std::move(table)) {}
  ElementsPointer elements(const Iteration& iteration) const override;
  std::int64_t cardinality() const override { return table_->rows(); }
  std::shared_ptr<const Table> table() const override { return table_; }
  NumbersPointer numbers(const Iteration& iteration) const override;

 private:
  std::shared_ptr<const Table> table_;
};

}  // namespace cornu::keras::data::internal
