#include "cornu/keras/callbacks/backup_and_restore.h"

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <string>
#include <thread>
#include <vector>

#include "cornu/io/atomic_file.h"
#include "cornu/keras/callbacks/fit_state.h"
#include "cornu/keras/models/model.h"
#include "cornu/keras/saving/internal/checkpoint_file.h"
#include "cornu/keras/utils/console.h"

namespace cornu::keras::callbacks {
namespace {

namespace fs = std::filesystem;
using graph::message;
using graph::require;
using saving::SnapshotReader;
using saving::StateSnapshot;

// The checkpoints of a folder are numbered: `checkpoint-12.h5`.
constexpr std::string_view kFileBegin = "checkpoint-", kFileEnd = ".h5";

struct CheckpointFile {
  std::int64_t number;
  fs::path path;
};

// Newest first.
std::vector<CheckpointFile> checkpoints_in(const fs::path& folder) {
  std::vector<CheckpointFile> files;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(folder, error)) {
    const std::string name = entry.path().filename().string();
    if (!name.starts_with(kFileBegin) || !name.ends_with(kFileEnd)) continue;
    const char* begin = name.data() + kFileBegin.size();
    const char* end = name.data() + name.size() - kFileEnd.size();
    std::int64_t number = 0;
    const auto [stop, wrong] = std::from_chars(begin, end, number);
    if (wrong == std::errc() && stop == end) files.push_back({number, entry.path()});
  }
  std::sort(files.begin(), files.end(), [](const auto& a, const auto& b) { return a.number > b.number; });
  return files;
}

// Without these a run would go on with other numbers than it was put down with.
const std::vector<std::string> kNeeded{"model/", "optimizer/", "metrics/", "data/", "validation/"};

bool is_needed(const std::string& path) {
  return std::any_of(kNeeded.begin(), kNeeded.end(),
                     [&](const std::string& folder) { return path.starts_with(folder); });
}

class BackupAndRestoreCallback final : public Callback {
 public:
  explicit BackupAndRestoreCallback(BackupAndRestoreConfig config) : config_(std::move(config)) {
    require<ValueError>(!config_.backup_dir.empty(), "BackupAndRestore: backup_dir is empty");
    const Frequency& frequency = config_.save_freq;
    require<ValueError>(frequency.is_word() ? frequency.word() == "epoch" : frequency.batches() >= 1,
                        "BackupAndRestore: save_freq must be \"epoch\" or a number of batches from 1 on, got ",
                        frequency.is_word() ? '"' + frequency.word() + '"' : std::to_string(frequency.batches()));
  }
  ~BackupAndRestoreCallback() override { wait(); }

  void on_train_begin(const Logs&) override {
    wait();
    require<ValueError>(model().built(),
                        "BackupAndRestore: the model must be built before fit: give its first layer an input shape");
    std::error_code error;
    fs::create_directories(folder(), error);
    require<IoError>(!error, "BackupAndRestore: cannot make the folder ", folder(), ": ", error.message());
    io::AtomicFile::remove_abandoned(folder());
    batches_ = 0;
    finished_ = false;
    failed_.clear();
  }

  void resume(FitState& fit) override {
    const auto files = checkpoints_in(folder());
    number_ = files.empty() ? 0 : files.front().number;
    for (const auto& [number, path] : files) {
      StateSnapshot found;
      try {
        found = saving::read_checkpoint(path);
      } catch (const graph::Error& e) {  // another run may still be able to read it, so it stays
        utils::warn(message("BackupAndRestore: ", path.string(), " is passed over: ", e.what()));
        continue;
      }
      restore(fit, std::move(found), path);
      break;
    }
    finished_ = fit.finished();
  }

  void checkpoint(FitState& fit) override {
    finished_ = fit.finished();
    if (finished_ && config_.delete_checkpoint) return;  // it would be removed at once
    const bool due =
        config_.save_freq.is_word() ? fit.batch() == 0 : fit.batch() > 0 && ++batches_ >= config_.save_freq.batches();
    if (!due) return;
    batches_ = 0;
    wait();
    state_.take([&](StateVisitor& v) { fit.state(v); });
    writer_ = std::thread([this, number = ++number_] { write(number); });
  }

  void on_train_end(const Logs&) override {
    wait();
    restored_ = {}, before_ = {};
    if (!finished_ || !config_.delete_checkpoint) return;
    const auto files = checkpoints_in(folder());
    std::error_code error;
    for (auto file = files.rbegin(); file != files.rend(); ++file) fs::remove(file->path, error);
    fs::remove(folder(), error);  // unless there is something of somebody else's in it
  }

 private:
  fs::path folder() const { return config_.backup_dir; }

  // In a thread of its own. What went wrong is told by the next one who waits.
  void write(std::int64_t number) {
    try {
      saving::write_checkpoint(folder() / message(kFileBegin, number, kFileEnd), state_);
      const auto files = checkpoints_in(folder());
      for (std::size_t i = config_.double_checkpoint ? 2 : 1; i < files.size(); ++i) {
        std::error_code error;
        fs::remove(files[i].path, error);
      }
      failure_.clear();
    } catch (const std::exception& e) {
      failure_ = e.what();
    }
  }

  void wait() {
    if (!writer_.joinable()) return;
    writer_.join();
    if (!failure_.empty() && failure_ != failed_)
      utils::warn(message("BackupAndRestore: a checkpoint could not be written, the ones before stay: ", failure_));
    failed_ = failure_;
  }

  void restore(FitState& fit, StateSnapshot found, const fs::path& path) {
    const auto visit = [&fit](StateVisitor& v) { fit.state(v); };
    const auto refuse = [path](const std::string& why) {
      throw ValueError(message("BackupAndRestore: ", path.string(), " is of another run: ", why,
                               ". Take another backup_dir, or remove it if that run is not to go on"));
    };
    restored_ = std::move(found);
    if (const std::string why = SnapshotReader::difference(restored_, visit, kNeeded); !why.empty()) refuse(why);
    before_.take(visit);
    const auto undo = [this, visit] {
      SnapshotReader reader(before_);
      visit(reader);
    };
    // Reads what is there now, and once the first step is described, what has been made since.
    const auto reader = std::make_shared<SnapshotReader>(restored_);
    const auto read = [visit, reader, undo, refuse] {
      try {
        visit(*reader);
      } catch (const ValueError& e) {
        undo();
        refuse(e.what());
      }
    };
    read();
    warn_of_new_callbacks(reader->missing());
    fit.go_on([this, &fit, read, reader, undo, refuse] {
      read();
      // Running metrics of an epoch that was put down behind its last batch are over by now.
      const auto matters = [&](const std::string& path) {
        return is_needed(path) && (fit.batch() > 0 || !path.starts_with("metrics/"));
      };
      for (const std::string& path : reader->left())
        if (matters(path)) undo(), refuse(path + " is not here");
      for (const std::string& path : reader->missing())
        if (matters(path)) undo(), refuse(path + " is not there");
      restored_ = {}, before_ = {};
    });
  }

  static void warn_of_new_callbacks(const std::set<std::string>& missing) {
    std::set<std::string> callbacks;
    for (const std::string& path : missing) {
      constexpr std::string_view kCallbacks = "callbacks/";
      if (!path.starts_with(kCallbacks)) continue;
      const std::string name = path.substr(kCallbacks.size(), path.find('/', kCallbacks.size()) - kCallbacks.size());
      if (callbacks.insert(name).second)
        utils::warn(
            message("BackupAndRestore: the checkpoint knows nothing of the callback ", name, ", which starts afresh"));
    }
  }

  BackupAndRestoreConfig config_;
  std::thread writer_;
  StateSnapshot state_;              // that is written, or was the last time
  StateSnapshot restored_, before_;  // until the first step runs: what is read, and what to go back to
  std::string failure_;              // of the last writing
  std::string failed_;               // that was told
  std::int64_t number_ = 0;
  int batches_ = 0;  // since the last checkpoint
  bool finished_ = false;
};

}  // namespace

std::shared_ptr<Callback> BackupAndRestoreConfig::make() const {
  return std::make_shared<BackupAndRestoreCallback>(*this);
}

BackupAndRestore::BackupAndRestore(BackupAndRestoreConfig config) : Handle(std::move(config)) {}
BackupAndRestore::BackupAndRestore(io::Path backup_dir, BackupAndRestoreConfig config)
    : Handle(with_positional(std::move(config), std::move(backup_dir))) {}

}  // namespace cornu::keras::callbacks
