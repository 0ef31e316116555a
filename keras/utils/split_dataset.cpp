#include "cornu/keras/utils/split_dataset.h"

#include <cmath>

#include "cornu/graph/array/random.h"
#include "cornu/graph/check.h"
#include "cornu/keras/data/internal/list.h"
#include "cornu/keras/utils/random_seed.h"

namespace cornu::keras::utils {

using data::Dataset;
using data::Element;
using graph::require;

std::int64_t SplitSize::of(std::int64_t total, const char* name) const {
  const double most = is_share_ ? 1 : static_cast<double>(total);
  require<ValueError>(number_ > 0 && number_ < most, "split_dataset: expected ", name, " as a number of samples below ",
                      total, ", or a share between 0 and 1, got ", number_);
  return static_cast<std::int64_t>(is_share_ ? std::nearbyint(number_ * static_cast<double>(total)) : number_);
}

std::pair<Dataset, Dataset> split_dataset(const Dataset& dataset, const SplitDatasetConfig& config) {
  require<ValueError>(config.left_size || config.right_size, "split_dataset: left_size or right_size is needed");
  require<ValueError>(dataset.cardinality() != data::kInfiniteCardinality, "split_dataset: the data has no end");
  const std::int64_t batch_size = dataset.node()->batch_size();
  std::vector<Element> elements;
  for (const Element& element : batch_size > 0 ? dataset.unbatch() : dataset) elements.push_back(element);
  const auto total = static_cast<std::int64_t>(elements.size());

  std::int64_t left = config.left_size ? config.left_size->of(total, "left_size") : 0;
  std::int64_t right = config.right_size ? config.right_size->of(total, "right_size") : total - left;
  if (!config.left_size) left = total - right;
  require<ValueError>(left + right <= total, "split_dataset: left_size and right_size are ", left, " and ", right,
                      " of ", total, " samples");
  require<ValueError>(left > 0 && right > 0, "split_dataset: of ", total, " samples ", left, " are left, ", right,
                      " right: neither may be empty");

  if (config.shuffle) {
    graph::random::Generator generator(config.seed ? *config.seed : next_random_seed());
    std::vector<Element> shuffled;
    for (const std::int64_t i : generator.permutation(total))
      shuffled.push_back(std::move(elements[static_cast<std::size_t>(i)]));
    elements = std::move(shuffled);
  }
  const auto part = [&](auto begin, auto end) {
    const Dataset list = data::internal::dataset_of_list(std::make_shared<const std::vector<Element>>(begin, end));
    return batch_size > 0 ? list.batch(batch_size) : list;
  };
  return {part(elements.begin(), elements.begin() + left), part(elements.end() - right, elements.end())};
}

std::pair<Dataset, Dataset> split_dataset(const Element& columns, const SplitDatasetConfig& config) {
  return split_dataset(Dataset::from_tensor_slices(columns), config);
}

}  // namespace cornu::keras::utils
