#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "cornu/graph/array/array.h"
#include "cornu/graph/array/histogram.h"
#include "cornu/graph/function.h"
#include "cornu/graph/hidden.h"
#include "cornu/graph/plan/profile.h"
#include "cornu/io/path.h"
#include "cornu/io/tensorboard/event.h"
#include "cornu/io/tensorboard/projector.h"
#include "cornu/io/tensorboard/summaries/audio.h"
#include "cornu/io/tensorboard/summaries/custom_scalars.h"
#include "cornu/io/tensorboard/summaries/hparams.h"
#include "cornu/io/tensorboard/summaries/image.h"
#include "cornu/io/tensorboard/summaries/mesh.h"
#include "cornu/io/tensorboard/summaries/pr_curve.h"

namespace cornu::io::tensorboard {

struct SummaryWriterConfig {
  double flush_secs = 120;  ///< events are in the file after so many seconds at the latest; mostly after 0.1
  std::size_t max_queue_bytes = std::size_t{64} << 20;  ///< what may wait for the disk
  std::string filename_suffix = ".v2";
};

/// Writes what TensorBoard shows to an event file of its own in a folder, which is a run: `tensorboard --logdir logs`
/// shows each folder below logs that holds one.
///
///     io::tensorboard::SummaryWriter w("logs/run1");
///     for (int step = 0; step < 100; ++step) w.scalar("loss", 1.0 / (1 + step), step);
///     w.histogram("weights", kernel.value(), 0);
///     w.text("note", "learning rate **0.001**", 0);
///
/// Any number of threads may write. None of them waits for the disk: events go to a bounded queue, from which a thread
/// of the writer's appends whole records to the file, ten times a second. A killed program leaves a readable file. If
/// the disk is full, events wait in the queue until there is room; if the queue is full or the file was removed, they
/// are dropped and counted. Each of these prints a warning once, and the program goes on.
///
/// `flush` and the destructor bring everything to the file. A writer that is never destroyed flushes when the program
/// ends by `exit`; in a forked child it does nothing. Steps should not go back within a run. Texts that are no UTF-8
/// are repaired. The form of the file: docs/formats/tfevents.md.
class CORNU_EXPORT SummaryWriter {
 public:
  /// Makes the folder, if it is not there, and a new file in it:
  /// `events.out.tfevents.<seconds>.<host>.<pid>.<n><suffix>`. Throws IoError if that cannot be done, ValueError for a
  /// flush_secs that is not positive or a suffix with a slash.
  explicit SummaryWriter(const Path& folder, SummaryWriterConfig config = {});
  ~SummaryWriter();
  SummaryWriter(SummaryWriter&&) noexcept;
  SummaryWriter& operator=(SummaryWriter&&) noexcept;

  /// A point of a curve. TensorBoard keeps float32.
  void scalar(std::string_view tag, double value, std::int64_t step, const Description& about = {});
  /// How the elements are distributed (any dtype and shape). NaN and infinite ones are left out; without finite ones
  /// nothing is written.
  void histogram(std::string_view tag, const graph::Array& values, std::int64_t step, const Description& about = {});
  void histogram(std::string_view tag, const graph::Histogram& histogram, std::int64_t step,
                 const Description& about = {});
  /// One or several images (see summaries/image.h for shapes and dtypes).
  void image(std::string_view tag, const graph::Array& images, std::int64_t step,
             const summaries::ImageConfig& config = {});
  /// Markdown. Bytes that are no UTF-8 are replaced by U+FFFD.
  void text(std::string_view tag, std::string_view markdown, std::int64_t step, const Description& about = {});
  /// A table of Markdown cells, row by row. Throws ValueError if a row is shorter than the first.
  void text(std::string_view tag, const std::vector<std::vector<std::string>>& rows, std::int64_t step,
            const Description& about = {});
  /// Sound (see summaries/audio.h).
  void audio(std::string_view tag, const graph::Array& samples, int sample_rate, std::int64_t step,
             const summaries::AudioConfig& config = {});
  /// Points, and optionally triangles, in space (see summaries/mesh.h).
  void mesh(std::string_view tag, const graph::Array& vertices, std::int64_t step,
            const summaries::MeshConfig& config = {});
  /// Precision over recall (see summaries/pr_curve.h).
  void pr_curve(std::string_view tag, const graph::Array& labels, const graph::Array& predictions, std::int64_t step,
                const summaries::PrCurveConfig& config = {});
  /// Charts for the Custom scalars dashboard.
  void custom_scalars(const summaries::Layout& layout);
  /// This run's hyperparameters, for the HParams dashboard, and the figures it ends with, as scalars into this same run
  /// at the last step that was written.
  void hparams(const summaries::HParams& values, const std::map<std::string, double>& metrics = {},
               const std::string& trial = {});
  /// Points for the Projector dashboard: files beside the event file (see projector.h).
  void embedding(const Embedding& embedding);

  /// The computation for such arguments as the passes leave it, for the Graphs dashboard. One graph a run: a later one
  /// takes its place. Arguments have the given names, or "argument_0" and so on.
  void graph(const graph::Function& function, const graph::Specs& arguments,
             const std::vector<std::string>& names = {});
  /// What each node of that graph took: select the tag in the Graphs dashboard to colour them by time.
  void run_metadata(std::string_view tag, const graph::Profile& profile, std::int64_t step);
  /// A model's layers as Keras' JSON, for the conceptual graph.
  void keras_model(std::string_view json, std::int64_t step = 0);

  /// Any value.
  void write(Summary summary, std::int64_t step);
  /// Any event; a wall_time of 0 becomes the present time. Throws ValueError if it has several parts, strings that do
  /// not fit their shape, or more than 2 GiB.
  void write(Event event);

  /// Waits until everything is in the file, or the disk has refused it.
  void flush();
  /// Flushes and ends the thread; what is written afterwards is dropped with a warning.
  void close();
  /// Events that were given up so far: the queue was full, the file removed or closed.
  std::uint64_t dropped() const;
  const Path& path() const;
  const Path& folder() const;

 private:
  struct State;
  graph::Hidden<State> state_;
};

}  // namespace cornu::io::tensorboard
