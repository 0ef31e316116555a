#include "cornu/keras/utils/sequences.h"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "cornu/graph/array/random.h"
#include "cornu/graph/check.h"
#include "cornu/keras/data/rows.h"
#include "cornu/keras/utils/random_seed.h"

namespace cornu::keras::utils {

using graph::require;
using graph::ShapeError;
using graph::ValueError;

namespace {

bool is_post(const char* what, const std::string& word) {
  require<ValueError>(word == "pre" || word == "post", "pad_sequences: expected ", what, " 'pre' or 'post', got '",
                      word, "'");
  return word == "post";
}

}  // namespace

Array pad_sequences(const std::vector<Array>& sequences, const PadSequencesConfig& config) {
  const bool post = is_post("padding", config.padding), cuts_end = is_post("truncating", config.truncating);
  const graph::DType dtype = graph::dtype_from_name(config.dtype);
  require<ValueError>(config.maxlen.value_or(1) >= 1, "pad_sequences: expected maxlen of at least 1, got ",
                      config.maxlen.value_or(1));
  std::int64_t length = 0;
  std::optional<Shape> step;
  for (std::size_t i = 0; i < sequences.size(); ++i) {
    require<ValueError>(sequences[i].ndim() > 0, "pad_sequences: expected sequences, number ", i, " is a scalar");
    length = std::max(length, sequences[i].rows());
    if (sequences[i].rows() == 0) continue;
    const Shape shape = sequences[i].shape().drop_front();
    if (!step) step = shape;
    require<ShapeError>(shape == *step, "pad_sequences: expected steps of shape ", *step, ", got ", shape,
                        " in sequence number ", i);
  }
  if (config.maxlen) length = *config.maxlen;
  const Shape inner = step.value_or(Shape());
  Array padded(inner.prepend(length).prepend(static_cast<std::int64_t>(sequences.size())), dtype);
  graph::visit(dtype, [&](auto zero) {
    using T = decltype(zero);
    T* row = padded.data<T>();
    const std::int64_t each = inner.elements();
    std::fill_n(row, padded.size(), static_cast<T>(config.value));
    for (const Array& sequence : sequences) {
      const std::int64_t steps = std::min(sequence.rows(), length);
      if (steps > 0) {
        const std::int64_t first = cuts_end ? 0 : sequence.rows() - steps;
        const Array kept = sequence.slice(first, first + steps).astype(dtype);
        std::copy_n(kept.data<T>(), steps * each, row + (post ? 0 : length - steps) * each);
      }
      row += length * each;
    }
  });
  return padded;
}

Array pad_sequences(std::initializer_list<std::vector<int>> sequences, const PadSequencesConfig& config) {
  return pad_sequences(std::vector<std::vector<int>>(sequences), config);
}

namespace {

/// Windows of a series as rows, which are copied when they are asked for.
class WindowReader final : public data::Rows::Reader {
 public:
  WindowReader(Array series, std::vector<std::int64_t> starts, const TimeseriesConfig& config)
      : series_(std::move(series)),
        starts_(std::move(starts)),
        length_(config.sequence_length),
        sampling_rate_(config.sampling_rate) {}

  graph::Spec spec() const override {
    const auto windows = static_cast<std::int64_t>(starts_.size());
    return {series_.dtype(), series_.shape().with(0, length_).prepend(windows)};
  }

  void read(std::int64_t start, std::int64_t stop, std::byte* to) const override {
    const std::size_t bytes = series_.nbytes() / static_cast<std::size_t>(series_.rows());
    for (std::int64_t i = start; i < stop; ++i)
      for (std::int64_t k = 0; k < length_; ++k, to += bytes) {
        const std::int64_t step = starts_[static_cast<std::size_t>(i)] + k * sampling_rate_;
        std::memcpy(to, series_.bytes() + static_cast<std::size_t>(step) * bytes, bytes);
      }
  }

 private:
  Array series_;
  std::vector<std::int64_t> starts_;
  std::int64_t length_, sampling_rate_;
};

}  // namespace

data::Dataset timeseries_dataset_from_array(const Array& data, const std::optional<Array>& targets,
                                            const TimeseriesConfig& config) {
  constexpr const char* kWho = "timeseries_dataset_from_array: ";
  require<ShapeError>(data.ndim() > 0 && (!targets || targets->ndim() > 0), kWho, "expected an axis of steps");
  const std::int64_t rows = data.rows(), start = config.start_index.value_or(0), end = config.end_index.value_or(rows);
  require<ValueError>(start >= 0 && (start < rows || !config.start_index), kWho, "expected start_index from 0 to ",
                      rows - 1, ", got ", start);
  require<ValueError>(!config.end_index || (end > start && end < rows), kWho, "expected end_index above ", start,
                      " and below ", rows, ", got ", end);
  require<ValueError>(config.sequence_length >= 1, kWho, "expected a positive sequence_length, got ",
                      config.sequence_length);
  for (const auto& [name, number] :
       {std::pair("sampling_rate", config.sampling_rate), std::pair("sequence_stride", config.sequence_stride)})
    require<ValueError>(number >= 1 && number < rows, kWho, "expected ", name, " from 1 to ", rows - 1, ", got ",
                        number);
  require<ValueError>(config.batch_size.value_or(1) >= 1, kWho, "batch_size must be at least 1, got ",
                      config.batch_size.value_or(1));
  std::int64_t windows = end - start - (config.sequence_length - 1) * config.sampling_rate;
  if (targets) windows = std::min(windows, targets->rows());
  require<ValueError>(windows > 0, kWho, end - start, " steps have no window of ", config.sequence_length,
                      " steps at sampling_rate ", config.sampling_rate);
  std::vector<std::int64_t> starts;
  for (std::int64_t i = 0; i < windows; i += config.sequence_stride) starts.push_back(i);
  std::optional<Array> ends = targets;
  if (ends) ends = ends->slice(std::min(start, ends->rows()), std::min(end, ends->rows()));
  if (ends) std::erase_if(starts, [&](std::int64_t i) { return i >= ends->rows(); });
  require<ValueError>(!starts.empty(), kWho, "no window has a target");
  const auto count = static_cast<std::int64_t>(starts.size());
  std::vector<data::Rows> columns;
  if (ends) columns.emplace_back(ends->take(starts));
  columns.insert(columns.begin(),
                 data::Rows(std::make_shared<WindowReader>(data.slice(start, end), std::move(starts), config)));
  data::Dataset dataset = data::Dataset::from_tensor_slices(std::move(columns));
  if (config.shuffle) dataset = dataset.shuffle(count, {.seed = config.seed});
  return config.batch_size ? dataset.batch(*config.batch_size) : dataset;
}

Skipgrams skipgrams(const std::vector<int>& sequence, int vocabulary_size, const SkipgramsConfig& config) {
  require<ValueError>(vocabulary_size >= 2, "skipgrams: expected a vocabulary_size of at least 2, got ",
                      vocabulary_size);
  require<ValueError>(config.window_size >= 0, "skipgrams: expected a window_size of at least 0, got ",
                      config.window_size);
  require<ValueError>(config.negative_samples >= 0, "skipgrams: expected negative_samples of at least 0, got ",
                      config.negative_samples);
  graph::random::Generator random(config.seed ? *config.seed : next_random_seed());
  std::vector<std::array<std::int32_t, 3>> pairs;  // word, other word, label
  const auto n = static_cast<std::int64_t>(sequence.size());
  for (std::int64_t i = 0; i < n; ++i) {
    const int word = sequence[static_cast<std::size_t>(i)];
    if (word == 0) continue;
    if (const auto& table = config.sampling_table; !table.empty()) {
      require<ValueError>(word > 0 && static_cast<std::size_t>(word) < table.size(), "skipgrams: word ", word,
                          " has no place in a sampling_table of ", table.size());
      if (table[static_cast<std::size_t>(word)] < random.next_double()) continue;
    }
    const std::int64_t last = std::min<std::int64_t>(n, i + config.window_size + 1);
    for (std::int64_t j = std::max<std::int64_t>(0, i - config.window_size); j < last; ++j)
      if (const int other = sequence[static_cast<std::size_t>(j)]; j != i && other != 0)
        pairs.push_back({word, other, 1});
  }
  const std::size_t positive = pairs.size();
  const auto negative = static_cast<std::int64_t>(static_cast<double>(positive) * config.negative_samples);
  const std::vector<std::int64_t> words = random.permutation(static_cast<std::int64_t>(positive));
  for (std::int64_t i = 0; i < negative; ++i) {
    const auto from = static_cast<std::size_t>(words[static_cast<std::size_t>(i) % positive]);
    const auto other = random.below(static_cast<std::uint64_t>(vocabulary_size - 1)) + 1;
    pairs.push_back({pairs[from][0], static_cast<std::int32_t>(other), 0});
  }
  const auto count = static_cast<std::int64_t>(pairs.size());
  const std::vector<std::int64_t> order = config.shuffle ? random.permutation(count) : std::vector<std::int64_t>();
  Skipgrams result{Array(Shape{count, 2}, graph::int32),
                   Array(config.categorical ? Shape{count, 2} : Shape{count}, graph::int32)};
  std::int32_t *couple = result.couples.data<std::int32_t>(), *label = result.labels.data<std::int32_t>();
  for (std::int64_t i = 0; i < count; ++i) {
    const auto& pair = pairs[static_cast<std::size_t>(order.empty() ? i : order[static_cast<std::size_t>(i)])];
    *couple++ = pair[0], *couple++ = pair[1];
    if (config.categorical) *label++ = 1 - pair[2];
    *label++ = pair[2];
  }
  return result;
}

Array make_sampling_table(std::int64_t size, double sampling_factor) {
  require<ValueError>(size >= 1, "make_sampling_table: expected a size of at least 1, got ", size);
  constexpr double kGamma = 0.577;  // Euler's constant, to the digits that Keras has
  Array table(Shape{size}, graph::float64);
  for (std::int64_t i = 0; i < size; ++i) {
    const double rank = static_cast<double>(std::max<std::int64_t>(i, 1));
    const double rarity = sampling_factor * (rank * (std::log(rank) + kGamma) + 0.5 - 1 / (12 * rank));
    table.data<double>()[i] = std::min(1.0, rarity / std::sqrt(rarity));
  }
  return table;
}

}  // namespace cornu::keras::utils
