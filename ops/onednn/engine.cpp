#include "cornu/ops/onednn/engine.h"

#include <cstdlib>

#include "cornu/ops/onednn/status.h"

namespace cornu::ops::onednn {
namespace {

Engine make_engine() {
  constexpr int kCachedPrimitives = 64;
  if (!std::getenv("DNNL_PRIMITIVE_CACHE_CAPACITY") && !std::getenv("ONEDNN_PRIMITIVE_CACHE_CAPACITY"))
    check(dnnl_set_primitive_cache_capacity(kCachedPrimitives), "oneDNN", "set the capacity of its cache");
  dnnl_engine_t engine = nullptr;
  check(dnnl_engine_create(&engine, dnnl_cpu, 0), "oneDNN", "make an engine for the CPU");
  return Engine(engine);
}

}  // namespace

dnnl_engine_t engine() {
  static const Engine one = make_engine();
  return one.get();
}

Stream make_stream() {
  dnnl_stream_t stream = nullptr;
  check(dnnl_stream_create(&stream, engine(), dnnl_stream_in_order), "oneDNN", "make a stream");
  return Stream(stream);
}

}  // namespace cornu::ops::onednn
