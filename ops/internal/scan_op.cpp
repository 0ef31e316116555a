#include "cornu/ops/internal/scan_op.h"

#include <cstring>

#include "cornu/graph/check.h"
#include "cornu/graph/leaf.h"
#include "cornu/graph/plan/internal/body_plan.h"

namespace cornu::ops::internal {

namespace {

Spec in_one_step(const Spec& spec) { return {spec.dtype, spec.shape.drop_front(1)}; }

}  // namespace

void Scan::fields(graph::FieldVisitor& f) const {
  f("carries", carries);
  f("sequences", sequences);
  f("length", length);
  f("reverse", reverse);
}

Specs Scan::infer(const Specs& in) const {
  Specs out;
  for (std::size_t i = 0; i < body.tensors().size(); ++i) {
    const Spec& made = body.tensors()[i].spec();
    if (i < static_cast<std::size_t>(carries)) {
      graph::require<ShapeError>(made == in[i], "scan: f must give carry ", i, " as it got it, ", in[i], ", got ",
                                 made);
      out.push_back(made);
    } else {
      out.push_back({made.dtype, made.shape.insert(0, length)});
    }
  }
  return out;
}

Tensors Scan::gradient(const graph::Backward&) const {
  throw graph::Error("scan: its gradient needs what differentiates its body");
}

std::shared_ptr<const graph::Op> Scan::with_bodies(std::vector<graph::Outputs> bodies) const {
  auto op = std::make_shared<Scan>(*this);
  op->body = std::move(bodies.at(0));
  op->look_at_bodies();
  return op;
}

namespace {

// Where a run of a loop finds what its steps read and write.
struct Layout {
  struct Slot {
    std::size_t bytes;  // of a carry, or of one step's element
    std::size_t at;     // of a carry: of its two buffers in scratch memory
    int kept = -1;      // of a carry: the output that has its values before each step, where it then lies instead
    int output = -1;    // of a result
  };
  std::size_t carries = 0;
  std::vector<Slot> arguments, results;
  std::int64_t length = 0;
  bool reverse = false;
};

struct Pointers {
  std::vector<const void*> arguments;
  std::vector<void*> results;
};

std::size_t padded(std::size_t bytes) { return (bytes + 63) / 64 * 64; }

// The pointers of a step. A carry goes from one buffer to the other, or through the places where it is kept; the first
// is the loop's input, the last its output.
void point(const Layout& layout, const graph::Call& c, std::int64_t step, Pointers& to) {
  const auto place = [&](std::int64_t s) {
    return static_cast<std::size_t>(layout.reverse ? layout.length - 1 - s : s);
  };
  const std::size_t t = place(step);
  const auto output = [&](int i) { return static_cast<std::byte*>(c.dst[i]); };
  // Where a carry is before a step that is not the first one.
  const auto carry = [&](std::size_t i, std::int64_t before) {
    const Layout::Slot& slot = layout.arguments[i];
    if (slot.kept >= 0) return output(slot.kept) + place(before) * slot.bytes;
    return static_cast<std::byte*>(c.scratch) + slot.at + (before % 2 != 0 ? padded(slot.bytes) : 0);
  };
  for (std::size_t i = 0; i < to.arguments.size(); ++i) {
    const auto* source = static_cast<const std::byte*>(c.src[i]);
    if (i < layout.carries)
      to.arguments[i] = step == 0 ? source : carry(i, step);
    else
      to.arguments[i] = source + t * layout.arguments[i].bytes;  // 0 bytes for a constant
  }
  for (std::size_t i = 0; i < to.results.size(); ++i) {
    const Layout::Slot& slot = layout.results[i];
    if (i < layout.carries)
      to.results[i] = step == layout.length - 1 ? output(slot.output) : carry(i, step + 1);
    else
      to.results[i] = output(slot.output) + t * slot.bytes;
  }
  if (step != 0 || c.part != 0) return;
  for (std::size_t i = 0; i < layout.carries; ++i)
    if (const Layout::Slot& slot = layout.arguments[i]; slot.kept >= 0 && slot.bytes != 0)
      std::memcpy(output(slot.kept) + t * slot.bytes, c.src[i], slot.bytes);
}

class Steps {
 public:
  Steps(std::shared_ptr<const graph::internal::BodyPlan> plan, std::shared_ptr<const Layout> layout)
      : layout_(std::move(layout)), run_(std::move(plan)), pointers_(static_cast<std::size_t>(run_.plan().lanes())) {
    for (Pointers& each : pointers_) {
      each.arguments.resize(layout_->arguments.size());
      each.results.resize(layout_->results.size());
    }
  }

  void operator()(const graph::Call& c) {
    const int stages = run_.plan().stages();
    if (run_.plan().lanes() > 1) return part(c, c.phase / stages, c.phase % stages);
    for (std::int64_t step = 0; step < layout_->length; ++step) part(c, step, 0);
  }

 private:
  void part(const graph::Call& c, std::int64_t step, int stage) {
    Pointers& own = pointers_[static_cast<std::size_t>(c.part)];
    if (stage == 0) {
      point(*layout_, c, step, own);
      run_.point(c.part, own.arguments.data(), own.results.data(), c.scratch);
    }
    run_.run(c.part, stage);
  }

  std::shared_ptr<const Layout> layout_;
  graph::internal::BodyRun run_;
  std::vector<Pointers> pointers_;
};

}  // namespace

graph::Kernel Scan::plan(const graph::PlanRequest& r) const {
  auto layout = std::make_shared<Layout>();
  layout->carries = static_cast<std::size_t>(carries);
  layout->length = length;
  layout->reverse = reverse;
  if (length == 0)
    return graph::Kernel::native([specs = r.in, carries = layout->carries](const graph::Call& c) {
      for (std::size_t i = 0; i < carries; ++i)
        if (specs[i].bytes() != 0) std::memcpy(c.dst[i], c.src[i], specs[i].bytes());
    });

  Specs parameters;
  for (std::size_t i = 0; i < r.in.size(); ++i) {
    const bool sequence = i >= layout->carries && i < layout->carries + static_cast<std::size_t>(sequences);
    parameters.push_back(sequence ? in_one_step(r.in[i]) : r.in[i]);
    layout->arguments.push_back({sequence || i < layout->carries ? parameters.back().bytes() : 0, 0});
  }
  // A carry that is kept as it was before each step lies where it is kept: the body need not copy it.
  Tensors results;
  for (std::size_t i = 0; i < r.out.size(); ++i) {
    const Tensor& result = body.tensors()[i];
    const auto* p = graph::as<graph::Parameter>(result);
    const bool carry = i < layout->carries;
    if (!carry && p && static_cast<std::size_t>(p->index) < layout->carries)
      if (int& kept = layout->arguments[static_cast<std::size_t>(p->index)].kept; kept < 0) {
        kept = static_cast<int>(i);
        continue;
      }
    results.push_back(result);
    const std::size_t bytes = carry ? r.out[i].bytes() : in_one_step(r.out[i]).bytes();
    layout->results.push_back({bytes, 0, -1, static_cast<int>(i)});
  }
  // Lanes wait for each other at each stage of each step, which has to be worth it.
  constexpr std::int64_t kMostPhases = 1 << 30;
  constexpr double kStage = 1.5e-6;
  auto steps = std::make_shared<const graph::internal::BodyPlan>(graph::Outputs(results), parameters, r.threads);
  if (steps->lanes() > 1 && (length > kMostPhases / steps->stages() || steps->seconds() < kStage * steps->stages()))
    steps = std::make_shared<const graph::internal::BodyPlan>(graph::Outputs(results), parameters, 1);
  std::size_t scratch = padded(steps->scratch());
  for (std::size_t i = 0; i < layout->carries; ++i) {
    Layout::Slot& slot = layout->arguments[i];
    if (slot.kept >= 0) continue;
    slot.at = scratch;
    scratch += 2 * padded(slot.bytes);
  }

  graph::Kernel kernel;
  kernel.implementation = graph::message("loop of ", length, " times ", steps->steps(), " steps");
  kernel.scratch = scratch;
  kernel.flops = static_cast<double>(length) * steps->flops();
  if (steps->lanes() > 1) {
    kernel.implementation += graph::message(" in ", steps->stages(), " stages");
    kernel.parts = steps->lanes();
    kernel.phases = static_cast<int>(length) * steps->stages();
  }
  kernel.make = [steps, layout = std::shared_ptr<const Layout>(std::move(layout))]() -> graph::Launch {
    return [run = std::make_shared<Steps>(steps, layout)](const graph::Call& c) { (*run)(c); };
  };
  return kernel;
}

namespace {
const bool scan_registered = graph::register_op<Scan>();
}

}  // namespace cornu::ops::internal
