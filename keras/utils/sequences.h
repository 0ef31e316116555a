#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "cornu/graph/array/array.h"
#include "cornu/keras/data/dataset.h"

namespace cornu::keras::utils {

struct PadSequencesConfig {
  std::optional<int> maxlen = std::nullopt;  ///< steps that come out; by default those of the longest sequence
  std::string dtype = "int32";
  std::string padding = "pre";     ///< or "post": where the value fills up
  std::string truncating = "pre";  ///< or "post": where steps are cut off
  double value = 0;
};

/// Sequences of different lengths as one array (sequences, maxlen, …); a step may be an array, of one shape in all.
/// Throws ValueError for another word than "pre" and "post", a maxlen below 1, an unknown dtype, and a sequence that is
/// a scalar; ShapeError for steps of different shapes. Keras: `utils.pad_sequences`.
///
///     utils::pad_sequences({{1}, {2, 3}, {4, 5, 6}});                       // {{0, 0, 1}, {0, 2, 3}, {4, 5, 6}}
///     utils::pad_sequences(sentences, {.maxlen = 20, .padding = "post"});  // of std::vector<std::vector<int>>
Array pad_sequences(const std::vector<Array>& sequences, const PadSequencesConfig& config = {});
template <class T>
Array pad_sequences(const std::vector<std::vector<T>>& sequences, const PadSequencesConfig& config = {}) {
  std::vector<Array> arrays;
  arrays.reserve(sequences.size());
  for (const auto& sequence : sequences) arrays.emplace_back(sequence);
  return pad_sequences(arrays, config);
}
Array pad_sequences(std::initializer_list<std::vector<int>> sequences, const PadSequencesConfig& config = {});

struct TimeseriesConfig {
  std::int64_t sequence_length = 0;     ///< steps of a window; required
  std::int64_t sequence_stride = 1;     ///< from where one window begins to where the next one does
  std::int64_t sampling_rate = 1;       ///< from one step of a window to the next
  std::optional<int> batch_size = 128;  ///< none: single windows
  bool shuffle = false;                 ///< each epoch in an order of its own
  std::optional<std::uint64_t> seed = std::nullopt;
  std::optional<std::int64_t> start_index = std::nullopt;  ///< rows before it are not used
  std::optional<std::int64_t> end_index = std::nullopt;    ///< this row and those behind it are not used
};

/// Windows that slide over a time series (steps, …), in batches; of `targets`, if there are any, the row where a window
/// begins belongs to it. The windows are gathered batch by batch: the series is held once. Throws
/// ValueError for numbers that make no window. Keras: `utils.timeseries_dataset_from_array`.
///
///     auto windows = utils::timeseries_dataset_from_array(past, next, {.sequence_length = 10});
///     model.fit(windows, {.epochs = 5});
data::Dataset timeseries_dataset_from_array(const Array& data, const std::optional<Array>& targets,
                                            const TimeseriesConfig& config);

struct SkipgramsConfig {
  int window_size = 4;          ///< words on each side
  double negative_samples = 1;  ///< random pairs for each true one
  bool shuffle = true;
  bool categorical = false;                 ///< labels {0, 1} and {1, 0} in place of 1 and 0
  std::vector<double> sampling_table = {};  ///< how likely each word is taken; empty: always
  std::optional<std::uint64_t> seed = std::nullopt;
};

struct Skipgrams {
  Array couples;  ///< int32 (pairs, 2)
  Array labels;   ///< int32 (pairs,), or (pairs, 2)
};

/// Pairs of a word and another one in its window, labelled 1, and pairs of a word and a random one, labelled 0. Word 0
/// is none. Throws ValueError for a vocabulary below 2, a negative number, and a word without a place in the table.
/// Keras: `preprocessing.sequence.skipgrams`; its random numbers are others.
Skipgrams skipgrams(const std::vector<int>& sequence, int vocabulary_size, const SkipgramsConfig& config = {});

/// How likely word2vec takes the i-th most frequent word, if words are as frequent as Zipf says: float64 (size,).
/// Throws ValueError for a size below 1. Keras: `preprocessing.sequence.make_sampling_table`.
Array make_sampling_table(std::int64_t size, double sampling_factor = 1e-5);

}  // namespace cornu::keras::utils
