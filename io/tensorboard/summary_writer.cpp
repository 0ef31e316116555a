#include "cornu/io/tensorboard/summary_writer.h"

#include <atomic>
#include <chrono>
#include <filesystem>
#include <utility>

#include "cornu/io/tensorboard/internal/event_file.h"
#include "cornu/io/tensorboard/internal/event_proto.h"
#include "cornu/io/tensorboard/summaries/histogram.h"
#include "cornu/io/tensorboard/summaries/scalar.h"
#include "cornu/io/tensorboard/summaries/text.h"

namespace cornu::io::tensorboard {

namespace fs = std::filesystem;
using graph::require;
using graph::ValueError;

namespace {

constexpr double kInterval = 0.1;  // seconds that events wait for others to be written with

double now() { return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count(); }

SummaryWriterConfig checked(SummaryWriterConfig config) {
  require<ValueError>(config.flush_secs > 0, "SummaryWriter: flush_secs must be positive, got ", config.flush_secs);
  require<ValueError>(config.filename_suffix.find('/') == std::string::npos,
                      "SummaryWriter: filename_suffix must not hold a slash, got \"", config.filename_suffix, "\"");
  return config;
}

}  // namespace

struct SummaryWriter::State {
  Path folder, path;
  double begin = now();
  std::shared_ptr<internal::EventFile> file;
  std::atomic<std::int64_t> last_step{0};
};

SummaryWriter::SummaryWriter(const Path& folder, SummaryWriterConfig config) : state_(std::make_unique<State>()) {
  config = checked(std::move(config));
  internal::NewFile made = internal::create_event_file(folder, config.filename_suffix);
  state_->folder = folder;
  state_->path = made.path;
  state_->file = std::make_shared<internal::EventFile>(std::move(made), std::min(kInterval, config.flush_secs),
                                                       config.max_queue_bytes);
  internal::close_at_exit(state_->file);
  write(Event{.file_version = "brain.Event:2"});
}

SummaryWriter::~SummaryWriter() {
  if (state_) close();
}

SummaryWriter::SummaryWriter(SummaryWriter&&) noexcept = default;

SummaryWriter& SummaryWriter::operator=(SummaryWriter&& other) noexcept {
  if (this == &other) return *this;
  if (state_) close();
  state_ = std::move(other.state_);
  return *this;
}

void SummaryWriter::write(Summary summary, std::int64_t step) {
  Event event{.step = step};
  event.summaries.push_back(std::move(summary));
  write(std::move(event));
}

void SummaryWriter::write(Event event) {
  for (std::int64_t last = state_->last_step;
       last < event.step && !state_->last_step.compare_exchange_weak(last, event.step);) {
  }
  const bool stamped = event.wall_time == 0;
  if (stamped) event.wall_time = now();
  state_->file->push(internal::serialize(event), stamped);
}

void SummaryWriter::scalar(std::string_view tag, double value, std::int64_t step, const Description& about) {
  write(summaries::scalar(tag, value, about), step);
}

void SummaryWriter::histogram(std::string_view tag, const graph::Array& values, std::int64_t step,
                              const Description& about) {
  histogram(tag, graph::histogram(values), step, about);
}

void SummaryWriter::histogram(std::string_view tag, const graph::Histogram& histogram, std::int64_t step,
                              const Description& about) {
  if (auto summary = summaries::histogram(tag, histogram, about)) write(std::move(*summary), step);
}

void SummaryWriter::image(std::string_view tag, const graph::Array& images, std::int64_t step,
                          const summaries::ImageConfig& config) {
  write(summaries::image(tag, images, config), step);
}

void SummaryWriter::text(std::string_view tag, std::string_view markdown, std::int64_t step, const Description& about) {
  write(summaries::text(tag, markdown, about), step);
}

void SummaryWriter::text(std::string_view tag, const std::vector<std::vector<std::string>>& rows, std::int64_t step,
                         const Description& about) {
  write(summaries::text(tag, rows, about), step);
}

void SummaryWriter::audio(std::string_view tag, const graph::Array& samples, int sample_rate, std::int64_t step,
                          const summaries::AudioConfig& config) {
  write(summaries::audio(tag, samples, sample_rate, config), step);
}

void SummaryWriter::mesh(std::string_view tag, const graph::Array& vertices, std::int64_t step,
                         const summaries::MeshConfig& config) {
  for (Summary& part : summaries::mesh(tag, vertices, config)) write(std::move(part), step);
}

void SummaryWriter::pr_curve(std::string_view tag, const graph::Array& labels, const graph::Array& predictions,
                             std::int64_t step, const summaries::PrCurveConfig& config) {
  write(summaries::pr_curve(tag, labels, predictions, config), step);
}

void SummaryWriter::custom_scalars(const summaries::Layout& layout) { write(summaries::custom_scalars(layout), 0); }

void SummaryWriter::hparams(const summaries::HParams& values, const std::map<std::string, double>& metrics,
                            const std::string& trial) {
  // The figures are written at the last step. If a tag has points already, TensorBoard forgets all those whose step is
  // higher than that of a new one.
  const std::int64_t last = state_->last_step;
  write(summaries::hparams_session_start(values, trial, state_->begin), 0);
  for (const auto& [tag, value] : metrics) scalar(tag, value, last);
  write(summaries::hparams_session_end(summaries::Status::success, now()), 0);
}

void SummaryWriter::embedding(const Embedding& embedding) { write_embedding(state_->folder, embedding); }

void SummaryWriter::keras_model(std::string_view json, std::int64_t step) {
  write({.tag = "keras",
         .plugin = "graph_keras_model",
         .content = "1",
         .data_class = DataClass::blob_sequence,
         .strings = {std::string(json)},
         .shape = {1}},
        step);
}

void SummaryWriter::flush() { state_->file->flush(); }
void SummaryWriter::close() { state_->file->close(); }
std::uint64_t SummaryWriter::dropped() const { return state_->file->dropped(); }
const Path& SummaryWriter::path() const { return state_->path; }
const Path& SummaryWriter::folder() const { return state_->folder; }

}  // namespace cornu::io::tensorboard
