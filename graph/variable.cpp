#include "cornu/graph/variable.h"

#include <cstring>

#include "cornu/graph/check.h"

namespace cornu::graph {

struct Variable::State {
  Array buffer;
  Spec spec;
  std::string name;
  std::atomic<bool> trainable;
  std::atomic<std::uint64_t> version{0};
};

Variable::Variable(const Array& value, std::string name, bool trainable) : state_(std::make_shared<State>()) {
  state_->buffer = value.copy();
  state_->spec = value.spec();
  state_->name = std::move(name);
  state_->trainable = trainable;
}

const Variable::State& Variable::state() const {
  require<ValueError>(defined(), "this variable has no value yet: a layer's weights exist once it is built");
  return *state_;
}

const Spec& Variable::spec() const { return state().spec; }
const std::string& Variable::name() const { return state().name; }
void Variable::rename(std::string name) { state(), state_->name = std::move(name); }
bool Variable::trainable() const { return state().trainable; }
void Variable::set_trainable(bool value) { state(), state_->trainable = value; }
Array Variable::value() const { return state().buffer.copy(); }

void Variable::assign(const Array& value) {
  require<ShapeError>(value.shape() == shape(), "variable '", name(), "' has shape ", shape(), ", the value has ",
                      value.shape());
  const Array converted = value.astype(dtype());
  if (converted.nbytes() != 0) std::memcpy(data(), converted.bytes(), converted.nbytes());
  touch();
}

void* Variable::data() const { return state().buffer.bytes(); }
std::uint64_t Variable::version() const { return state().version.load(std::memory_order_acquire); }
void Variable::touch() const { state(), state_->version.fetch_add(1, std::memory_order_acq_rel); }

}  // namespace cornu::graph
