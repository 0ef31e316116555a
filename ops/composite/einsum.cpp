#include "cornu/ops/composite/einsum.h"

#include <algorithm>
#include <optional>
#include <string>

#include "cornu/graph/op.h"
#include "cornu/ops/binary.h"
#include "cornu/ops/composite/diagonal.h"
#include "cornu/ops/internal/equation.h"
#include "cornu/ops/internal/floating.h"
#include "cornu/ops/matmul.h"
#include "cornu/ops/native/reshape.h"
#include "cornu/ops/native/transpose.h"
#include "cornu/ops/reduction.h"

namespace cornu::ops {
namespace {

using graph::require;
using internal::Equation;
using internal::Labels;

// A tensor with a label for each axis.
struct Term {
  Tensor x;
  Labels labels;

  std::int64_t length(char label) const { return x.shape()[static_cast<int>(labels.find(label))]; }
  std::int64_t lengths(const Labels& some) const {
    std::int64_t product = 1;
    for (const char label : some) product *= length(label);
    return product;
  }
  bool has(char label) const { return labels.find(label) != Labels::npos; }
};

// The labels of `from` that `wanted` says yes to, in their order.
template <class F>
Labels chosen(const Labels& from, F&& wanted) {
  Labels some;
  std::copy_if(from.begin(), from.end(), std::back_inserter(some), wanted);
  return some;
}
Labels common(const Labels& from, const Labels& with) {
  return chosen(from, [&](char label) { return with.find(label) != Labels::npos; });
}
Labels without(const Labels& from, const Labels& some) {
  return chosen(from, [&](char label) { return some.find(label) == Labels::npos; });
}

// The axes in another order; costs nothing if only those of length 1 change places.
Term arranged(const Term& t, const Labels& order) {
  std::vector<int> axes;
  for (const char label : order) axes.push_back(static_cast<int>(t.labels.find(label)));
  return {axes.empty() ? t.x : transpose(t.x, std::move(axes)), order};
}
bool lies(const Term& t, const Labels& order) {
  const auto matters = [&](char label) { return t.length(label) != 1; };
  return chosen(t.labels, matters) == chosen(order, matters);
}

// Of a label that occurs twice the diagonal.
Term distinct(Term t) {
  for (std::size_t second = 1; second < t.labels.size(); ++second) {
    const std::size_t first = t.labels.find(t.labels[second]);
    if (first == second) continue;
    const char label = t.labels[second];
    t.x = diagonal(t.x, 0, static_cast<int>(first), static_cast<int>(second));
    t.labels.erase(second, 1);
    t.labels.erase(first, 1);
    t.labels += label;
    second = 0;
  }
  return t;
}

// Sums over the labels that nobody asks for.
Term summed(Term t, const Labels& wanted) {
  std::vector<int> axes;
  bool adds = false;
  Shape rest;
  for (std::size_t i = 0; i < t.labels.size(); ++i) {
    const std::int64_t length = t.x.shape()[static_cast<int>(i)];
    if (wanted.find(t.labels[i]) != Labels::npos) {
      rest = rest.append(length);
      continue;
    }
    axes.push_back(static_cast<int>(i));
    adds |= length != 1;
  }
  return {adds ? sum(t.x, axes) : reshape(t.x, rest), common(t.labels, wanted)};
}

// The product element by element, then the sum over what is not wanted.
Term multiplied(const Term& a, const Term& b, const Labels& order, const Labels& wanted) {
  const auto beside = [&](const Term& t) {
    const Term ordered = arranged(t, common(order, t.labels));
    Shape shape;
    for (const char label : order) shape = shape.append(t.has(label) ? t.length(label) : 1);
    return reshape(ordered.x, shape);
  };
  return summed({multiply(beside(a), beside(b)), order}, wanted);
}

// One product of matrices for each place of `batch`: the rows are a's own labels, the columns b's.
struct Product {
  Labels batch, rows, columns, inner;
  bool swapped = false;    // a and b
  std::int64_t moved = 0;  // elements that are copied into another order

  Labels result() const { return batch + rows + columns; }
  bool a_transposed(const Term& a) const { return !lies(a, batch + rows + inner) && lies(a, batch + inner + rows); }
  bool b_transposed(const Term& b) const {
    return !lies(b, batch + inner + columns) && lies(b, batch + columns + inner);
  }

  void count(const Term& a, const Term& b, const Labels& order) {
    if (!lies(a, batch + rows + inner) && !a_transposed(a)) moved += a.x.shape().elements();
    if (!lies(b, batch + inner + columns) && !b_transposed(b)) moved += b.x.shape().elements();
    if (!order.empty() && result() != order) moved += a.lengths(batch + rows) * b.lengths(columns);
  }
};

// Among the orders that axes may have, those for which the fewest elements move.
Product arrangement(const Term& a, const Term& b, const Labels& inner, const Labels& order) {
  std::optional<Product> best;
  for (const bool swapped : {false, true}) {
    const Term &left = swapped ? b : a, &right = swapped ? a : b;
    const Labels shared = without(common(left.labels, right.labels), inner);
    const Labels rows = without(without(left.labels, shared), inner),
                 columns = without(without(right.labels, shared), inner);
    for (const Labels& batch : {shared, common(right.labels, shared), common(order, shared)})
      for (const Labels& summed : {common(left.labels, inner), common(right.labels, inner)})
        for (const Labels& above : {rows, common(order, rows)})
          for (const Labels& beside : {columns, common(order, columns)}) {
            if (batch.size() != shared.size() || above.size() != rows.size() || beside.size() != columns.size())
              continue;  // the order does not tell
            Product p{batch, above, beside, summed, swapped};
            p.count(left, right, order);
            if (!best || p.moved < best->moved) best = p;
          }
  }
  return *best;
}

Term contracted(const Term& first, const Term& second, const Labels& inner, const Labels& order) {
  const Product p = arrangement(first, second, inner, order);
  const Term &a = p.swapped ? second : first, &b = p.swapped ? first : second;
  const bool a_transposed = p.a_transposed(a), b_transposed = p.b_transposed(b);
  const Tensor x = arranged(a, a_transposed ? p.batch + p.inner + p.rows : p.batch + p.rows + p.inner).x,
               y = arranged(b, b_transposed ? p.batch + p.columns + p.inner : p.batch + p.inner + p.columns).x;
  // Axes of rows stay apart where they may, so that what follows the product sees it as it is.
  Shape batch, lead, result;
  if (p.batch.size() + 2 > static_cast<std::size_t>(Shape::kMaxRank))
    batch = {a.lengths(p.batch)};
  else
    for (const char label : p.batch) batch = batch.append(a.length(label));
  const std::int64_t m = a.lengths(p.rows), k = a.lengths(p.inner), n = b.lengths(p.columns);
  if (p.batch.empty() && !a_transposed && !p.rows.empty())
    for (const char label : p.rows) lead = lead.append(a.length(label));
  else
    lead = batch.append(m);
  const Tensor z = matmul(reshape(x, a_transposed ? batch.append(k).append(m) : lead.append(k)),
                          reshape(y, b_transposed ? batch.append(n).append(k) : batch.append(k).append(n)),
                          {.transpose_a = a_transposed, .transpose_b = b_transposed});
  for (const char label : p.batch + p.rows) result = result.append(a.length(label));
  for (const char label : p.columns) result = result.append(b.length(label));
  return {reshape(z, result), p.result()};
}

// a times b, summed over what is not wanted; in the given order, unless it is empty.
Term combined(const Equation& e, const Term& a, const Term& b, const Labels& wanted, const Labels& order) {
  const Labels shared = common(a.labels, b.labels), inner = without(shared, wanted);
  const Labels all = a.labels + without(b.labels, shared), rest = without(all, inner);
  const bool matrices = !inner.empty() && rest.size() > shared.size() - inner.size();
  require<ShapeError>((matrices ? rest : all).size() <= static_cast<std::size_t>(Shape::kMaxRank), e.who(),
                      "a product of two operands has more than ", Shape::kMaxRank, " axes");
  if (matrices) return contracted(a, b, inner, order);
  const Labels& outer = order.empty() ? rest : order;
  return multiplied(a, b, outer + inner, wanted);
}

// What is still asked for beside two of the terms: the output's labels and the other terms'.
Labels wanted_beside(const std::vector<Term>& terms, std::size_t i, std::size_t j, const Labels& output) {
  Labels wanted = output;
  for (std::size_t k = 0; k < terms.size(); ++k)
    if (k != i && k != j) wanted += terms[k].labels;
  return wanted;
}

// The two terms whose product is smallest beside what they are themselves.
std::pair<std::size_t, std::size_t> next_pair(const std::vector<Term>& terms, const Labels& output) {
  std::pair<std::size_t, std::size_t> best{0, 1};
  std::optional<double> least;
  for (std::size_t i = 0; i < terms.size(); ++i)
    for (std::size_t j = i + 1; j < terms.size(); ++j) {
      const Term &a = terms[i], &b = terms[j];
      double size = 1;
      for (const char label : common(a.labels + without(b.labels, a.labels), wanted_beside(terms, i, j, output)))
        size *= static_cast<double>((a.has(label) ? a : b).length(label));
      const double growth = size - static_cast<double>(a.x.shape().elements() + b.x.shape().elements());
      if (!least || growth < *least) best = {i, j}, least = growth;
    }
  return best;
}

}  // namespace

Tensor einsum(std::string_view subscripts, const Tensors& operands) {
  require<ValueError>(!operands.empty(), "einsum: expected at least one operand, got none");
  std::vector<Shape> shapes;
  for (const Tensor& x : operands) shapes.push_back(x.shape());
  const Equation e(subscripts, shapes);
  bool sums = false;
  for (const auto& [label, length] : e.lengths) sums |= length != 1 && e.output.find(label) == Labels::npos;
  for (const Tensor& x : operands) {
    require<TypeError>(x.dtype() == operands[0].dtype(), e.who(), "expected operands of one dtype, got ", operands[0],
                       " and ", x);
    require<TypeError>(!sums || internal::is_computed(x.dtype()), e.who(),
                       "sums are computed of float32 or bfloat16 tensors, got ", x);
  }
  std::vector<Term> terms;
  for (std::size_t i = 0; i < operands.size(); ++i) {
    Term t = distinct({operands[i], e.inputs[i]});
    // Axes of length 1 that are broadcast, or summed, are no axes.
    const auto stays = [&](char label) {
      return t.length(label) != 1 || (e.lengths.at(label) == 1 && e.output.find(label) != Labels::npos);
    };
    terms.push_back(summed(t, chosen(t.labels, stays)));
  }
  for (std::size_t i = 0; i < terms.size(); ++i) terms[i] = summed(terms[i], wanted_beside(terms, i, i, e.output));
  while (terms.size() > 1) {
    const auto [i, j] = next_pair(terms, e.output);
    Term product =
        combined(e, terms[i], terms[j], wanted_beside(terms, i, j, e.output), terms.size() == 2 ? e.output : Labels());
    terms.erase(terms.begin() + static_cast<std::ptrdiff_t>(j));
    terms[i] = std::move(product);
  }
  return arranged(terms[0], e.output).x;
}

}  // namespace cornu::ops
