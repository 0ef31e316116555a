#include "cornu/keras/data/dataset.h"

#include "cornu/keras/data/internal/node.h"
#include "cornu/keras/utils/random_seed.h"

namespace cornu::keras::data {

namespace internal {

std::uint64_t mixed(std::uint64_t a, std::uint64_t b) {
  const auto words = graph::random::philox(a, 0, b);
  return std::uint64_t{words[1]} << 32 | words[0];
}

std::uint64_t Node::seed() const {
  if (!needs_seed()) return 0;  // the process' stream is left as it is
  std::call_once(drawn_, [&] { seed_ = utils::next_random_seed(); });
  return seed_;
}

}  // namespace internal

Dataset::Iterator::Iterator(std::shared_ptr<internal::Elements> elements) : elements_(std::move(elements)) { ++*this; }

Dataset::Iterator& Dataset::Iterator::operator++() {
  if (elements_ != nullptr && !elements_->next(element_)) elements_.reset();
  return *this;
}

Dataset::Iterator Dataset::begin() const { return Iterator(node_->elements(node_->begin_pass())); }

std::int64_t Dataset::cardinality() const { return node_->cardinality(); }

std::optional<std::int64_t> Dataset::size() const {
  const std::int64_t n = cardinality();
  return internal::known(n) ? std::optional(n) : std::nullopt;
}

}  // namespace cornu::keras::data
