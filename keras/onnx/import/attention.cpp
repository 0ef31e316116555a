// Attention and what turns queries by their positions.
#include <cmath>
#include <limits>

#include "cornu/graph/leaf.h"
#include "cornu/keras/onnx/importer.h"
#include "cornu/ops/binary.h"
#include "cornu/ops/composite/pad.h"
#include "cornu/ops/composite/rearrange.h"
#include "cornu/ops/eltwise.h"
#include "cornu/ops/matmul.h"
#include "cornu/ops/native/broadcast_to.h"
#include "cornu/ops/native/cast.h"
#include "cornu/ops/native/gather.h"
#include "cornu/ops/native/reshape.h"
#include "cornu/ops/native/select.h"
#include "cornu/ops/native/slice.h"
#include "cornu/ops/native/transpose.h"
#include "cornu/ops/reduction.h"
#include "cornu/ops/softmax.h"

namespace cornu::keras::onnx {
namespace {

constexpr double kNever = -std::numeric_limits<double>::infinity();

Tensor whole_range(std::int64_t length) {
  return graph::constant(graph::arange(0, static_cast<double>(length), 1, graph::int64));
}

/// (batch, steps, heads · dimension) as (batch, heads, steps, dimension).
Tensor heads_apart(const ImportCall& c, const Tensor& x, const char* attribute) {
  if (x.ndim() != 3) return x;
  const std::int64_t heads = c.integer(attribute, 0);
  if (heads < 1 || x.shape()[2] % heads != 0)
    c.refuse(graph::message("an input of shape ", x.shape(), " is not in ", heads, " heads"));
  return ops::transpose(ops::reshape(x, {x.shape()[0], x.shape()[1], heads, x.shape()[2] / heads}), {0, 2, 1, 3});
}

/// 0 where a score counts, minus infinity where it does not.
Tensor as_bias(const Tensor& counts) {
  return ops::where(counts, graph::constant(0, graph::float32), graph::constant(kNever, graph::float32));
}

/// What is added to the scores (…, steps, source steps); undefined if all count.
Tensor bias_of(const ImportCall& c, std::int64_t steps, std::int64_t source, std::int64_t past) {
  Tensor bias;
  const auto add = [&](const Tensor& more) { bias = bias.defined() ? bias + more : more; };
  if (c.has(3)) {
    Tensor mask = c.in(3);
    const bool flags = mask.dtype() == graph::bool_;
    if (flags) mask = as_bias(mask);
    const std::int64_t missing = source - mask.shape().back();
    if (missing > 0) {
      ops::PadWidth behind(static_cast<std::size_t>(mask.ndim()), {0, 0});
      behind.back().second = missing;
      mask = ops::pad(mask, behind, {.constant_values = kNever});
    }
    add(mask);
  }
  const Tensor row = ops::expand_dims(whole_range(steps), 1), column = whole_range(source);
  // How many steps stand before the first one: those of the past, or of what is there of each sample.
  Tensor offset = graph::constant(Array::scalar(past));
  const bool lengths = c.has(6);
  if (lengths)
    offset = ops::reshape(ops::cast(c.in(6), graph::int64) - graph::constant(Array::scalar(steps)), {-1, 1, 1, 1});
  if (c.flag("is_causal", false)) add(as_bias(ops::less_equal(column, row + offset)));
  const std::int64_t left = c.integer("left_window_size", -1), right = c.integer("right_window_size", -1);
  if (left >= 0) add(as_bias(ops::less_equal(row + offset - column, graph::constant(Array::scalar(left)))));
  if (right >= 0) add(as_bias(ops::less_equal(column - (row + offset), graph::constant(Array::scalar(right)))));
  if (lengths) add(as_bias(ops::less(column, ops::reshape(ops::cast(c.in(6), graph::int64), {-1, 1, 1, 1}))));
  return bias;
}

const bool attention_read = add_import("Attention", [](ImportCall& c) -> Tensors {
  const Tensor q = heads_apart(c, c.in(0), "q_num_heads");
  Tensor k = heads_apart(c, c.in(1), "kv_num_heads"), v = heads_apart(c, c.in(2), "kv_num_heads");
  const std::int64_t past = c.has(4) ? c.in(4).shape()[2] : 0;
  if (c.has(4)) k = ops::concatenate({c.in(4), k}, 2);
  if (c.has(5)) v = ops::concatenate({c.in(5), v}, 2);
  const Tensor present_key = k, present_value = v;
  const std::int64_t heads = q.shape()[1], key_heads = k.shape()[1];
  if (key_heads < 1 || heads % key_heads != 0) c.refuse(graph::message(heads, " heads are no multiple of ", key_heads));
  if (heads != key_heads) k = ops::repeat(k, heads / key_heads, 1), v = ops::repeat(v, heads / key_heads, 1);

  const double scale = c.number("scale", 1 / std::sqrt(static_cast<double>(q.shape()[3])));
  const double cap = c.number("softcap", 0);
  const Tensor scores = ops::matmul(q * std::sqrt(scale), k * std::sqrt(scale), {.transpose_b = true});
  const Tensor bias = bias_of(c, q.shape()[2], k.shape()[2], past);
  const auto biased = [&](const Tensor& x) { return bias.defined() ? x + bias : x; };
  const auto capped = [&](const Tensor& x) { return cap > 0 ? ops::tanh(x * (1 / cap)) * cap : x; };
  // What is masked is not capped: it stays minus infinity.
  const Tensor full = biased(capped(scores));
  Tensor weights = ops::softmax(full);
  if (bias.defined()) {  // a step for which nothing counts gives 0
    const Tensor none = ops::equal(ops::max(bias, -1, ops::KeepDims::yes), graph::constant(kNever, graph::float32));
    weights = ops::where(none, graph::constant(0, graph::float32), weights);
  }
  Tensor y = ops::matmul(weights, v);
  if (c.in(0).ndim() == 3) {
    y = ops::transpose(y, {0, 2, 1, 3});
    y = ops::reshape(y, {y.shape()[0], y.shape()[1], y.shape()[2] * y.shape()[3]});
  }
  const Tensor stages[] = {scores, capped(scores), full, weights};
  const std::int64_t mode = c.integer("qk_matmul_output_mode", 0);
  if (mode < 0 || mode > 3) c.refuse(graph::message("its qk_matmul_output_mode is ", mode));
  return {y, present_key, present_value, stages[mode]};
});

const bool rotary_embedding_read = add_import("RotaryEmbedding", [](ImportCall& c) -> Tensors {
  const Tensor x = c.in(0);
  const bool apart = x.ndim() == 4;  // (batch, heads, steps, dimension)
  const Tensor steps_first = apart ? ops::transpose(x, {0, 2, 1, 3})
                                   : ops::reshape(x, {x.shape()[0], x.shape()[1], c.integer("num_heads", 1), -1});
  const std::int64_t dimension = steps_first.shape()[3], given = c.integer("rotary_embedding_dim", 0),
                     turned = given == 0 ? dimension : given, half = turned / 2;
  const auto cache = [&](int i) {
    Tensor rows = c.in(i);
    if (c.has(3)) rows = ops::take(rows, c.in(3), 0);
    return ops::expand_dims(ops::slice(rows, -1, 0, half), 2);
  };
  const Tensor cosine = cache(1), sine = cache(2), rotating = ops::slice(steps_first, 3, 0, turned);
  const bool interleaved = c.flag("interleaved", false);
  const graph::Shape& s = rotating.shape();
  Tensor first, second_part;
  if (interleaved) {
    const Tensor pairs = ops::reshape(rotating, {s[0], s[1], s[2], half, 2});
    first = ops::squeeze(ops::slice(pairs, 4, 0, 1), 4), second_part = ops::squeeze(ops::slice(pairs, 4, 1, 2), 4);
  } else {
    first = ops::slice(rotating, 3, 0, half), second_part = ops::slice(rotating, 3, half, turned);
  }
  const Tensor real = cosine * first - sine * second_part, imaginary = sine * first + cosine * second_part;
  Tensor y = interleaved
                 ? ops::reshape(ops::concatenate({ops::expand_dims(real, 4), ops::expand_dims(imaginary, 4)}, 4), s)
                 : ops::concatenate({real, imaginary}, 3);
  if (turned < dimension) y = ops::concatenate({y, ops::slice(steps_first, 3, turned, dimension)}, 3);
  return {apart ? ops::transpose(y, {0, 2, 1, 3}) : ops::reshape(y, x.shape())};
});

}  // namespace
}  // namespace cornu::keras::onnx
