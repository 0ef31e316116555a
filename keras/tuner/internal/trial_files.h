#pragma once

#include <filesystem>
#include <optional>
#include <vector>

#include "cornu/keras/tuner/trial.h"

namespace cornu::keras::tuner::internal {

/// What a search's `oracle.json` says.
struct SearchFile {
  std::string kind, objective;
  std::optional<bool> maximize;
  std::uint64_t seed = 0;
  std::vector<HyperParameter> space;
  std::vector<std::int64_t> input_shape = {};  // of the models, once one has been trained; empty: they have several
};

/// Nothing if there is no search. Throws FormatError for a damaged file.
std::optional<SearchFile> read_search(const std::filesystem::path& folder);
void write_search(const std::filesystem::path& folder, const SearchFile& search);
/// The trials that have ended, by their numbers.
std::vector<Trial> read_trials(const std::filesystem::path& folder);
void write_trial(const std::filesystem::path& folder, const Trial& trial);
/// The folder of a trial.
std::filesystem::path folder_of(const std::filesystem::path& folder, int number);

}  // namespace cornu::keras::tuner::internal
