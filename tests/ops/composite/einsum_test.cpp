#include "cornu/ops/composite/einsum.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "cornu/graph/function.h"
#include "tests/support/interpreter.h"
#include "tests/support/op_samples.h"

namespace cornu::tests {
namespace {

// The sum over every index that the output lacks, of the product of the operands' elements: "ij,jk->ik", with a letter
// for each axis. An axis of length 1 is repeated.
F64 plain(const std::string& equation, const std::vector<F64>& x) {
  const std::size_t arrow = equation.find("->");
  std::vector<std::string> terms(1);
  for (const char c : equation.substr(0, arrow))
    if (c == ',')
      terms.emplace_back();
    else
      terms.back() += c;
  const std::string output = equation.substr(arrow + 2);
  std::map<char, std::int64_t> lengths;
  for (std::size_t t = 0; t < x.size(); ++t)
    for (int axis = 0; axis < x[t].shape.rank(); ++axis) {
      std::int64_t& length = lengths.emplace(terms[t][static_cast<std::size_t>(axis)], 1).first->second;
      if (length == 1) length = x[t].shape[axis];
    }
  std::vector<char> labels;
  std::vector<std::int64_t> all, kept;
  for (const auto& [label, length] : lengths) labels.push_back(label), all.push_back(length);
  for (const char label : output) kept.push_back(lengths.at(label));
  F64 y{Shape(kept)};
  for_each_index(Shape(all), [&](auto index) {
    const auto places = [&](const std::string& term) {
      std::vector<std::int64_t> at;
      for (const char label : term)
        at.push_back(index[std::find(labels.begin(), labels.end(), label) - labels.begin()]);
      return at;
    };
    double product = 1;
    for (std::size_t t = 0; t < x.size(); ++t) product *= x[t].at(places(terms[t]));
    y.at(places(output)) += product;
  });
  return y;
}

struct Case {
  const char *subscripts, *plain;  // the second with a letter for each axis, and an output
  const char* op;                  // one that it is made of
  std::vector<Shape> shapes;
  int transposes = -1;  // how many copies into another order are needed; -1: any number
};

std::vector<Case> cases() {
  return {
      // one operand
      {"ij->ji", "ij->ji", "transpose", {{2, 3}}},
      {"ji", "ji->ij", "transpose", {{2, 3}}},
      {"ij->", "ij->", "sum", {{2, 3}}},
      {"ij->j", "ij->j", "sum", {{2, 3}}},
      {"kij->jk", "kij->jk", "sum", {{4, 2, 3}}},
      {"ii", "ii->", "sum", {{3, 3}}},
      {"ii->i", "ii->i", "take", {{3, 3}}},
      {"...ii->...i", "aii->ai", "take", {{2, 3, 3}}},
      {"iij->j", "iij->j", "take", {{3, 3, 2}}},
      {"iji->ij", "iji->ij", "take", {{3, 2, 3}}},
      {"iii->i", "iii->i", "take", {{2, 2, 2}}},
      {"b...a->a...b", "bxya->axyb", "transpose", {{2, 3, 1, 4}}},
      {"ij->i", "ij->i", "sum", {{2, 0}}},
      // products of matrices, which copy nothing where the axes lie well
      {"ij,jk->ik", "ij,jk->ik", "matmul", {{2, 3}, {3, 4}}, 0},
      {"ij,kj->ik", "ij,kj->ik", "matmul", {{2, 3}, {4, 3}}, 0},
      {"ji,jk->ik", "ji,jk->ik", "matmul", {{3, 2}, {3, 4}}, 0},
      {"ij,jk->ki", "ij,jk->ki", "matmul", {{2, 3}, {3, 4}}, 0},
      {"ba,cb", "ba,cb->ac", "matmul", {{3, 2}, {4, 3}}, 0},
      {"ab,b->a", "ab,b->a", "matmul", {{2, 3}, {3}}, 0},
      {"b,bc", "b,bc->c", "matmul", {{3}, {3, 2}}, 0},
      {"abc,cd->abd", "abc,cd->abd", "matmul", {{2, 3, 4}, {4, 5}}, 0},
      {"abc,cde->abde", "abc,cde->abde", "matmul", {{2, 3, 4}, {4, 2, 3}}, 0},
      {"abcd,cde->abe", "abcd,cde->abe", "matmul", {{2, 2, 3, 2}, {3, 2, 4}}, 0},
      {"abcd,dce->abe", "abcd,dce->abe", "matmul", {{2, 2, 3, 2}, {2, 3, 4}}, 1},
      {"bij,bjk->bik", "bij,bjk->bik", "matmul", {{2, 2, 3}, {2, 3, 4}}, 0},
      {"bji,bkj->bik", "bji,bkj->bik", "matmul", {{2, 3, 2}, {2, 4, 3}}, 0},
      {"bhqd,bhkd->bhqk", "bhqd,bhkd->bhqk", "matmul", {{2, 3, 2, 4}, {2, 3, 3, 4}}, 0},
      {"bqhd,bkhd->bhqk", "bqhd,bkhd->bhqk", "matmul", {{2, 2, 3, 4}, {2, 3, 3, 4}}, 2},
      {"Ab,bA->A", "Ab,bA->A", "sum", {{2, 3}, {3, 2}}},
      {"ij,bjk->bik", "ij,bjk->bik", "matmul", {{2, 3}, {2, 3, 4}}},
      // element by element
      {"i,i->", "i,i->", "sum", {{4}, {4}}, 0},
      {"i,j", "i,j->ij", "multiply", {{2}, {3}}, 0},
      {"i,j->ji", "i,j->ji", "multiply", {{2}, {3}}, 0},
      {"ij,ij->ij", "ij,ij->ij", "multiply", {{2, 3}, {2, 3}}, 0},
      {"ij,ij->i", "ij,ij->i", "sum", {{2, 3}, {2, 3}}, 0},
      {"ij,ji->", "ij,ji->", "sum", {{2, 3}, {3, 2}}, 1},
      {"ij,->ij", "ij,->ij", "multiply", {{2, 3}, {}}, 0},
      {"ij,k->j", "ij,k->j", "multiply", {{2, 3}, {4}}},
      // ellipses and lengths of 1
      {"...x,xy->...y", "abx,xy->aby", "matmul", {{2, 3, 4}, {4, 2}}, 0},
      {"ab...,bc->ac...", "abd,bc->acd", "matmul", {{2, 3, 4}, {3, 2}}},
      {"...ij,...jk->...ik", "abij,bjk->abik", "matmul", {{2, 1, 3, 4}, {3, 4, 2}}},
      {"...ij,...jk", "bij,jk->bik", "matmul", {{2, 3, 4}, {4, 2}}, 0},
      {"...,...", "ab,b->ab", "multiply", {{2, 3}, {3}}, 0},
      {"ij,ij->ij", "ij,ij->ij", "multiply", {{1, 3}, {2, 3}}, 0},
      {"ij,jk->ik", "ij,jk->ik", "sum", {{2, 1}, {3, 4}}},
      {"i,i", "i,i->", "sum", {{1}, {3}}, 0},
      {"ij,jk->ik", "ij,jk->ik", "multiply", {{2, 1}, {1, 4}}},
      {"ij,ik->jk", "ij,ik->jk", "multiply", {{1, 2}, {1, 4}}},
      {" ij , jk -> ik ", "ij,jk->ik", "matmul", {{1, 3}, {3, 1}}, 0},
      // several operands
      {"ij,jk,kl->il", "ij,jk,kl->il", "matmul", {{2, 3}, {3, 4}, {4, 2}}, 0},
      {"i,ij,j->", "i,ij,j->", "matmul", {{2}, {2, 3}, {3}}},
      {"a,b,c->cab", "a,b,c->cab", "multiply", {{2}, {3}, {2}}},
      {"bij,bjk,bkl->bil", "bij,bjk,bkl->bil", "matmul", {{2, 2, 3}, {2, 3, 2}, {2, 2, 3}}},
      {"i,i,i->i", "i,i,i->i", "multiply", {{3}, {3}, {3}}},
      {"ij,ik,il->jkl", "ij,ik,il->jkl", "matmul", {{2, 2}, {2, 3}, {2, 2}}},
      {"ii,i,jj->i", "ii,i,jj->i", "multiply", {{2, 2}, {2}, {3, 3}}},
      {"ab,bc,cd,de->ae", "ab,bc,cd,de->ae", "matmul", {{2, 2}, {2, 3}, {3, 2}, {2, 2}}},
      // nothing in them
      {"ij,jk->ik", "ij,jk->ik", "matmul", {{2, 0}, {0, 3}}},
      {"ij,jk->ik", "ij,jk->ik", "matmul", {{0, 3}, {3, 2}}},
      {"bij,bjk->bik", "bij,bjk->bik", "matmul", {{0, 2, 3}, {0, 3, 2}}},
      {"i,i->", "i,i->", "sum", {{0}, {0}}},
      {"...i,...i->...", "ai,ai->a", "matmul", {{2, 3}, {1, 3}}},
  };
}

const bool samples = register_samples([] {
  std::vector<OpSample> all;
  for (const Case& c : cases()) {
    std::vector<Array> inputs;
    std::vector<int> differentiable;
    std::string what = std::string("einsum ") + c.subscripts;
    for (const Shape& shape : c.shapes) {
      what += " " + to_string(shape);
      differentiable.push_back(static_cast<int>(inputs.size()));
      inputs.push_back(uniform(shape, -1, 1, 7 + static_cast<unsigned>(inputs.size())));
    }
    all.push_back({.op = c.op,
                   .what = what,
                   .build = [=](const Tensors& t) { return ops::einsum(c.subscripts, t); },
                   .inputs = inputs,
                   .reference = [=](const std::vector<F64>& t) { return plain(c.plain, t); },
                   .differentiable = differentiable});
  }
  all.push_back(
      {.op = "multiply",
       .what = "einsum of integers",
       .build = [](const Tensors& t) { return ops::einsum("ii,ji->ij", t[0], t[1]); },
       .inputs = {numbers({2, 2}, {1, 2, 3, 4}, graph::int32), numbers({3, 2}, {1, 2, 3, 4, 5, 6}, graph::int32)},
       .reference = [](const std::vector<F64>& t) { return plain("ii,ji->ij", t); }});
  return all;
});

const bool errors = register_errors([] {
  const auto wrong = [](const char* subscripts, const std::vector<Shape>& shapes, std::string text) {
    return OpError{"einsum", std::string("einsum: '") + subscripts + "': " + text, [=] {
                     Tensors operands;
                     for (const Shape& shape : shapes)
                       operands.push_back(input(static_cast<int>(operands.size()), shape));
                     ops::einsum(subscripts, operands);
                   }};
  };
  return std::vector<OpError>{
      wrong("ij,jk->ik", {{2, 3}}, "has 2 operands, got 1"),
      wrong("ij->ji", {{2, 3}, {3}}, "has 1 operand, got 2"),
      wrong("ij,jk->ik", {{2, 3}, {4, 5}}, "label 'j' has length 3, got 4 in operand 1 of shape (4, 5)"),
      wrong("...i,...i", {{2, 3}, {4, 3}}, "'...' has length 2, got 4 in operand 1 of shape (4, 3)"),
      wrong("ij->ji", {{2}}, "operand 0 'ij' has 2 axes, got shape (2,)"),
      wrong("i,j->ij", {{2}, {2, 3}}, "operand 1 'j' has 1 axis, got shape (2, 3)"),
      wrong("...ij->ij", {{2}}, "operand 0 '...ij' has 2 or more axes, got shape (2,)"),
      wrong("ii->i", {{2, 3}}, "label 'i' of operand 0 stands for different lengths in shape (2, 3)"),
      wrong("ij->ik", {{2, 3}}, "the output's label 'k' is in no operand"),
      wrong("ij->ii", {{2, 3}}, "the output has label 'i' twice"),
      wrong("...i->i", {{2, 3, 4}}, "the output 'i' has no '...' for the operands' 2 further axes"),
      wrong("i.j->ij", {{2, 3}}, "expected letters and at most one '...', got 'i.j'"),
      wrong("...i...->i", {{2, 3}}, "expected letters and at most one '...', got '...i...'"),
      wrong("i1->i", {{2, 3}}, "expected letters and at most one '...', got 'i1'"),
      wrong("ij->i->j", {{2, 3}}, "expected letters and at most one '...', got 'i->j'"),
      wrong("ij-ji", {{2, 3}}, "expected letters and at most one '...', got 'ij-ji'"),
      wrong("abcde,fghij->abcdefghij", {{1, 1, 1, 1, 2}, {2, 1, 1, 1, 1}},
            "a product of two operands has more than 8 axes"),
      {"einsum", "einsum: expected at least one operand, got none", [] { ops::einsum("", Tensors()); }},
      {"einsum", "einsum: 'i,i': expected operands of one dtype, got float32(2,) and int32(2,)",
       [] { ops::einsum("i,i", input(0, {2}), input(1, {2}, graph::int32)); }},
      {"einsum", "einsum: 'i->': sums are computed of float32 or bfloat16 tensors, got int32(2,)",
       [] { ops::einsum("i->", input(0, {2}, graph::int32)); }},
  };
});

TEST(Einsum, MovesNothingThatLiesWell) {
  for (const Case& c : cases()) {
    if (c.transposes < 0) continue;
    Tensors operands;
    for (const Shape& shape : c.shapes) operands.push_back(input(static_cast<int>(operands.size()), shape));
    const Tensor y = ops::einsum(c.subscripts, operands);
    const auto nodes = nodes_of({y});
    EXPECT_EQ(std::count_if(nodes.begin(), nodes.end(), [](const auto* n) { return n->op().name() == "transpose"; }),
              c.transposes)
        << c.subscripts;
  }
}

TEST(Einsum, TakesArraysAndVariablesAsOperands) {
  const Array a = uniform({2, 3}), b = uniform({3, 4});
  const graph::Function f([&](const Tensor& x) { return ops::einsum("ij,jk->ik", x, b); });
  EXPECT_TRUE(allclose(f(a), graph::matmul(a, b), 1e-5, 1e-6));
}

}  // namespace
}  // namespace cornu::tests
