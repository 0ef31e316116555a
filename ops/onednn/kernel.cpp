#include "cornu/ops/onednn/kernel.h"

#include <omp.h>

#include <string>

#include "cornu/ops/onednn/engine.h"
#include "cornu/ops/onednn/status.h"

namespace cornu::ops::onednn {
namespace {

using OwnedPrimitive = Handle<dnnl_primitive_t, dnnl_primitive_destroy>;

/// What all launches of a kernel share.
struct Program {
  std::string op;
  OwnedPrimitive primitive;
  std::vector<Argument> arguments;
  MemoryDesc::Pointer scratch = nullptr;  // owned by the primitive's descriptor
  PrimitiveDesc desc;
  std::size_t scratch_bytes = 0;
  int threads = 1;
};

/// One workspace's memory objects and the argument array that points at them.
class Execution {
 public:
  explicit Execution(std::shared_ptr<const Program> program) : program_(std::move(program)), stream_(make_stream()) {
    for (const Argument& a : program_->arguments) bind(a.name, a.desc.get());
    if (program_->scratch_bytes) bind(DNNL_ARG_SCRATCHPAD, program_->scratch);
  }

  void run(const graph::Call& call) {
    for (std::size_t i = 0; i < program_->arguments.size(); ++i) {
      const Argument& a = program_->arguments[i];
      point(i, a.output ? call.dst[a.index] : const_cast<void*>(call.src[a.index]));
    }
    if (program_->scratch_bytes) point(program_->arguments.size(), call.scratch);
    const ThreadLimit limit(program_->threads);
    check(dnnl_primitive_execute(program_->primitive.get(), stream_.get(), static_cast<int>(arguments_.size()), arguments_.data()), program_->op,
          "run");
  }

 private:
  void bind(int name, MemoryDesc::Pointer desc) {
    dnnl_memory_t made = nullptr;
    check(dnnl_memory_create(&made, desc, engine(), DNNL_MEMORY_NONE), program_->op, "make a memory");
    memories_.emplace_back(made);
    arguments_.push_back({name, made});
    pointers_.push_back(nullptr);
  }
  void point(std::size_t i, void* data) {
    if (data == pointers_[i]) return;
    check(dnnl_memory_set_data_handle(memories_[i].get(), data), program_->op, "take a pointer");
    pointers_[i] = data;
  }

  std::shared_ptr<const Program> program_;
  Stream stream_;
  std::vector<Memory> memories_;
  std::vector<dnnl_exec_arg_t> arguments_;
  std::vector<void*> pointers_;
};

}  // namespace

graph::Kernel kernel(std::string_view op, PrimitiveDesc desc, std::vector<Argument> arguments) {
  auto program = std::make_shared<Program>();
  program->op = op;
  program->arguments = std::move(arguments);
  program->desc = std::move(desc);
  program->threads = omp_get_max_threads();
  dnnl_primitive_t primitive = nullptr;
  check(dnnl_primitive_create(&primitive, program->desc.get()), op, "make the primitive");
  program->primitive.reset(primitive);
  program->scratch = dnnl_primitive_desc_query_md(program->desc.get(), dnnl_query_scratchpad_md, 0);
  program->scratch_bytes = program->scratch ? dnnl_memory_desc_get_size(program->scratch) : 0;
  const std::size_t scratch = program->scratch_bytes;
  std::string chosen(implementation(program->desc.get()));
  return {[program = std::shared_ptr<const Program>(std::move(program))]() -> graph::Launch {
            return [execution = std::make_shared<Execution>(program)](const graph::Call& call) { execution->run(call); };
          },
          scratch, std::move(chosen)};
}

}  // namespace cornu::ops::onednn
