#include "cornu/keras/layers/preprocessing/internal/read_texts.h"

#include <algorithm>
#include <atomic>

#include "cornu/graph/op.h"
#include "cornu/ops/internal/text_bytes.h"

namespace cornu::keras::layers::internal {

TextReader::TextReader() {
  static std::atomic<std::int64_t> count{0};
  identity_ = ++count;
}
TextReader::~TextReader() = default;

namespace {

using graph::Specs;

// It is in no registry, as a function of the user's program is in none: by its name alone nobody could make one.
struct ReadTexts final : graph::Op {
  std::shared_ptr<const TextReader> reader;
  ReadAs as = ReadAs::sequence;
  std::int64_t length = 0;

  std::string_view name() const override { return "read_texts"; }
  void fields(FieldVisitor& f) const override {
    f("reader", reader->identity());
    f("counts", as == ReadAs::counts);
    f("length", length);
  }
  Specs infer(const Specs& in) const override {
    const graph::Spec& x = in[0];
    graph::require<TypeError>(x.dtype == graph::uint8 && x.shape.rank() == 3,
                              "expected texts, uint8 with an axis of bytes, got ", x);
    return {{as == ReadAs::counts ? graph::float32 : graph::int64, {x.shape.front(), length}}};
  }
  graph::Tensors gradient(const Backward& b) const override { return no_gradient(b); }
  Kernel plan(const PlanRequest& r) const override {
    const graph::Shape& x = r.in[0].shape;
    const std::int64_t rows = x[0], texts = x[1], bytes = x[2];
    const auto launch = [*this, rows, texts, bytes](const graph::Call& c) {
      c.share(rows, [&](std::int64_t begin, std::int64_t end) {
        std::vector<std::string_view> row(static_cast<std::size_t>(texts));
        std::vector<std::int64_t> numbers;
        for (std::int64_t i = begin; i < end; ++i) {
          for (std::int64_t k = 0; k < texts; ++k)
            row[static_cast<std::size_t>(k)] =
                ops::internal::text_in(c.in<std::uint8_t>() + (i * texts + k) * bytes, bytes);
          numbers.clear();
          reader->read(row, numbers);
          if (as == ReadAs::counts) {
            float* y = c.out<float>() + i * length;
            std::fill_n(y, length, 0.f);
            for (const std::int64_t number : numbers)
              if (number >= 0 && number < length) y[number] += 1;
            continue;
          }
          numbers.resize(static_cast<std::size_t>(length), 0);
          std::copy(numbers.begin(), numbers.end(), c.out<std::int64_t>() + i * length);
        }
      });
    };
    return Kernel::native(r.parts(x.elements() * 8), launch);
  }
};

}  // namespace

graph::Tensor read_texts(const graph::Tensor& x, std::shared_ptr<const TextReader> reader, ReadAs as,
                         std::int64_t length) {
  auto op = std::make_shared<ReadTexts>();
  op->reader = std::move(reader);
  op->as = as;
  op->length = length;
  return graph::apply1(std::move(op), {x});
}

}  // namespace cornu::keras::layers::internal
