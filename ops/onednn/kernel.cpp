#include "cornu/ops/onednn/kernel.h"

#include <algorithm>
#include <string>

#include "cornu/graph/plan/internal/thread_limit.h"
#include "cornu/ops/onednn/engine.h"
#include "cornu/ops/onednn/status.h"

namespace cornu::ops::onednn {

Program::Program(std::string_view op, Piece piece) : op_(op), piece_(std::move(piece)) {
  const graph::internal::ThreadLimit alone(1);
  dnnl_primitive_t primitive = nullptr;
  check(dnnl_primitive_create(&primitive, piece_.desc.get()), op, "make the primitive");
  primitive_.reset(primitive);
  const MemoryDesc::Pointer scratch = dnnl_primitive_desc_query_md(piece_.desc.get(), dnnl_query_scratchpad_md, 0);
  scratch_ = scratch ? aligned(dnnl_memory_desc_get_size(scratch)) : 0;
}

// Memory objects, and the argument array that points at them: what only one thread may use at a time.
struct Execution::State {
  struct Pointer {
    int index;
    bool output;
    std::size_t offset;  // bytes
    void* now = nullptr;
  };

  std::shared_ptr<const Program> program;
  Stream stream = make_stream();
  std::vector<Memory> memories;
  std::vector<dnnl_exec_arg_t> arguments;
  std::vector<Pointer> pointers;
  void* scratch_now = nullptr;

  void bind(int name, MemoryDesc::Pointer desc) {
    dnnl_memory_t made = nullptr;
    check(dnnl_memory_create(&made, desc, engine(), DNNL_MEMORY_NONE), program->op(), "make a memory");
    memories.emplace_back(made);
    arguments.push_back({name, made});
  }
  void point(std::size_t i, void*& now, void* data) {
    if (data == now) return;
    check(dnnl_memory_set_data_handle(memories[i].get(), data), program->op(), "take a pointer");
    now = data;
  }
};

Execution::Execution(std::shared_ptr<const Program> program) : state_(std::make_unique<State>()) {
  State& s = *state_;
  s.program = std::move(program);
  const Piece& piece = s.program->piece();
  for (const Argument& a : piece.arguments) {
    s.bind(a.name, a.desc.get());
    s.pointers.push_back({a.index, a.output, static_cast<std::size_t>(a.offset) * a.desc.element_size()});
  }
  if (s.program->scratch())
    s.bind(DNNL_ARG_SCRATCHPAD, dnnl_primitive_desc_query_md(piece.desc.get(), dnnl_query_scratchpad_md, 0));
}

Execution::~Execution() = default;
Execution::Execution(Execution&&) noexcept = default;

void Execution::run(const void* const* src, void* const* dst, void* scratch) {
  State& s = *state_;
  for (std::size_t i = 0; i < s.pointers.size(); ++i) {
    State::Pointer& p = s.pointers[i];
    char* base = static_cast<char*>(p.output ? dst[p.index] : const_cast<void*>(src[p.index]));
    s.point(i, p.now, base + p.offset);
  }
  if (s.program->scratch()) s.point(s.pointers.size(), s.scratch_now, scratch);
  check(dnnl_primitive_execute(s.program->primitive(), s.stream.get(), static_cast<int>(s.arguments.size()),
                               s.arguments.data()),
        s.program->op(), "run");
}

graph::Kernel kernel(std::string_view op, std::vector<Piece> pieces) {
  graph::Kernel kernel;
  kernel.parts = static_cast<int>(pieces.size());
  kernel.implementation = implementation(pieces.front().desc.get());
  std::size_t scratch = 0;  // of a part
  std::vector<std::shared_ptr<const Program>> programs;
  for (Piece& piece : pieces) {
    programs.push_back(std::make_shared<const Program>(op, std::move(piece)));
    scratch = std::max(scratch, programs.back()->scratch());
  }
  kernel.scratch = scratch * pieces.size();
  kernel.make = [scratch, programs = std::move(programs)]() -> graph::Launch {
    auto executions = std::make_shared<std::vector<Execution>>(programs.begin(), programs.end());
    return [executions, scratch](const graph::Call& call) {
      const auto part = static_cast<std::size_t>(call.part);
      (*executions)[part].run(call.src, call.dst, static_cast<char*>(call.scratch) + part * scratch);
    };
  };
  return kernel;
}

graph::Kernel kernel(std::string_view op, int parts, std::int64_t n,
                     const std::function<Piece(std::int64_t, std::int64_t)>& piece) {
  parts = static_cast<int>(std::clamp<std::int64_t>(n, 1, parts));
  std::vector<Piece> pieces;
  for (std::int64_t part = 0; part < parts; ++part) pieces.push_back(piece(n * part / parts, n * (part + 1) / parts));
  return kernel(op, std::move(pieces));
}

}  // namespace cornu::ops::onednn
