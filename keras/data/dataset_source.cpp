// A Dataset as the batches of a run.
#include "cornu/keras/data/internal/columns_of.h"
#include "cornu/keras/data/internal/node.h"
#include "cornu/keras/data/source.h"

namespace cornu::keras::data {

namespace internal {
namespace {

class DatasetSource final : public Source {
 public:
  explicit DatasetSource(NodePointer node) : node_(std::move(node)), seed_(node_->seed()) {}

  std::optional<std::int64_t> size() const override {
    const std::int64_t n = node_->cardinality();
    return known(n) ? std::optional(n) : std::nullopt;
  }
  bool endless() const override { return node_->cardinality() == kInfiniteCardinality; }

  void begin_epoch() override { begin(node_->begin_pass().pass, 0); }

  const Columns* next() override {
    if (pass_ < 0) begin_epoch();
    if (ended_) return nullptr;
    try {
      if (elements_ == nullptr) open();
      Element element;
      ended_ = ended_ || !elements_->next(element);
      if (!ended_) columns_ = columns_of(element);
    } catch (...) {
      finish();
      throw;
    }
    if (ended_) return finish(), nullptr;
    ++batches_;
    return &columns_;
  }

  void end_epoch() override { finish(); }

  // Everything in a pass follows from its number and the seed.
  void state(StateVisitor& v) override {
    const std::int64_t passes_before = node_->passes();
    std::int64_t passes = passes_before, pass = pass_, batches = batches_;
    auto seed = static_cast<std::int64_t>(seed_);
    v("passes", passes);
    v("pass", pass);
    v("batches", batches);
    v("seed", seed);
    if (passes != passes_before) node_->set_passes(passes);
    if (pass == pass_ && batches == batches_ && static_cast<std::uint64_t>(seed) == seed_) return;
    seed_ = static_cast<std::uint64_t>(seed);
    begin(pass, batches);
  }

 private:
  void begin(std::int64_t pass, std::int64_t batches) {
    elements_.reset();
    pass_ = pass, batches_ = batches, ended_ = false;
  }

  void finish() {
    elements_.reset();
    ended_ = true;
  }

  // Where a run is resumed, the batches that it has seen are left out.
  void open() {
    elements_ = node_->borrowed_elements({pass_, seed_});
    for (std::int64_t i = 0; i < batches_ && !ended_; ++i) ended_ = !elements_->skip();
  }

  NodePointer node_;
  std::uint64_t seed_;
  std::int64_t pass_ = -1, batches_ = 0;
  ElementsPointer elements_;
  bool ended_ = false;
  Columns columns_;
};

}  // namespace
}  // namespace internal

std::shared_ptr<Source> Dataset::source() const { return std::make_shared<internal::DatasetSource>(node_); }

}  // namespace cornu::keras::data
