// Prints what event files of TensorBoard hold: a line for each value with its step, tag, dashboard and content. Of one
// file, or of all runs below a folder; with --follow also what is added later, as `tail -f`.
#include <cornu/cornu.h>
#include <cornu/io/tensorboard/event_reader.h>

#include <boost/program_options.hpp>
#include <chrono>
#include <filesystem>
#include <iostream>
#include <thread>

namespace fs = std::filesystem;
namespace po = boost::program_options;
using namespace cornu;
using namespace cornu::io::tensorboard;

namespace {

/// A text in one line, not too long.
std::string short_text(const std::string& text) {
  std::string line;
  for (const char c : text.substr(0, 60)) line += static_cast<unsigned char>(c) < 0x20 || c == 0x7f ? '.' : c;
  return '"' + line + (text.size() > 60 ? "\"…" : "\"");
}

std::string content(const Summary& summary) {
  if (summary.numbers && summary.numbers->size() == 1) return graph::to_string(*summary.numbers);
  if (summary.numbers) return graph::message(summary.numbers->dtype(), " ", summary.numbers->shape());
  if (summary.strings.empty()) return "";
  if (summary.plugin == "images" && summary.strings.size() > 2)
    return graph::message(summary.strings.size() - 2, " of ", summary.strings[0], " x ", summary.strings[1]);
  if (summary.strings.size() == 1)
    return graph::message(summary.strings[0].size(), " bytes ", short_text(summary.strings[0]));
  return graph::message("texts ", summary.shape);
}

void print(const Event& event) {
  const auto begin = [&] { return graph::message("  step ", event.step, "  "); };
  if (!event.file_version.empty()) std::cout << begin() << "version " << event.file_version << '\n';
  if (!event.graph_def.empty()) std::cout << begin() << "graph, " << event.graph_def.size() << " bytes\n";
  if (!event.run_metadata.empty())
    std::cout << begin() << event.metadata_tag << "  [run metadata]  " << event.run_metadata.size() << " bytes\n";
  for (const Summary& summary : event.summaries)
    std::cout << begin() << summary.tag << "  [" << summary.plugin << "]  " << content(summary) << '\n';
}

/// A run's file, how far it was read, and how much damage was told.
struct Reading {
  fs::path path;
  EventReader reader;
  std::size_t told = 0;
};

int run(int argc, char** argv) {
  std::string place;
  po::options_description options("read_events PATH: what event files of TensorBoard hold");
  // clang-format off
  options.add_options()
    ("help,h", "this text")
    ("path", po::value(&place), "an event file, or a folder with runs")
    ("follow,f", "goes on with what is added to the files");
  // clang-format on
  po::positional_options_description positional;
  positional.add("path", 1);
  po::variables_map given;
  po::store(po::command_line_parser(argc, argv).options(options).positional(positional).run(), given);
  po::notify(given);
  if (given.contains("help") || place.empty()) {
    std::cout << options;
    return given.contains("help") ? 0 : 2;
  }

  const bool is_folder = fs::is_directory(place), follow = given.contains("follow");
  std::vector<Reading> files;
  const fs::path* shown = nullptr;
  do {
    for (const fs::path& path : is_folder ? event_files(place) : std::vector<fs::path>{place})
      if (std::none_of(files.begin(), files.end(), [&](const Reading& file) { return file.path == path; })) {
        files.push_back({path, EventReader(path)});
        shown = nullptr;  // the list may have moved
      }
    for (Reading& file : files) {
      const auto name = [&] {
        if (shown != &file.path) std::cout << file.path.string() << '\n';
        shown = &file.path;
      };
      if (!follow) name();
      while (const auto event = file.reader.next()) {
        name();
        print(*event);
      }
      std::cout << std::flush;
      for (; file.told < file.reader.damages().size() && !follow; ++file.told) {
        const auto& damage = file.reader.damages()[file.told];
        std::cout << "  damage at " << damage.offset << ": " << damage.what << ", " << damage.skipped
                  << " bytes skipped\n";
      }
      if (!follow && file.reader.incomplete() > 0)
        std::cout << "  the last " << file.reader.incomplete() << " bytes are no whole record\n";
    }
    if (follow) std::this_thread::sleep_for(std::chrono::milliseconds(500));
  } while (follow);
  if (files.empty()) throw ValueError("no event file below " + place);
  return 0;
}

}  // namespace

int main(int argc, char** argv) try { return run(argc, argv); } catch (const std::exception& e) {
  std::cerr << "read_events: " << e.what() << '\n';
  return 1;
}
