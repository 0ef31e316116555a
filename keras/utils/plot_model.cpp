#include "cornu/keras/utils/plot_model.h"

#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>

#include "cornu/graph/check.h"
#include "cornu/io/atomic_file.h"

extern char** environ;

namespace cornu::keras::utils {

using graph::IoError;
using graph::require;
namespace fs = std::filesystem;

namespace {

// A file without a name, for what a child process reads and says.
class Unnamed {
 public:
  Unnamed() : file_(std::tmpfile()) {
    require<IoError>(file_ != nullptr, "plot_model: no temporary file: ", std::strerror(errno));
  }
  ~Unnamed() { std::fclose(file_); }
  Unnamed(const Unnamed&) = delete;
  Unnamed& operator=(const Unnamed&) = delete;
  int descriptor() const { return ::fileno(file_); }
  void write(const std::string& text) {
    const bool whole = std::fwrite(text.data(), 1, text.size(), file_) == text.size() && std::fflush(file_) == 0;
    require<IoError>(whole, "plot_model: cannot write a temporary file: ", std::strerror(errno));
    std::rewind(file_);
  }
  std::string contents() {
    std::rewind(file_);
    std::string text;
    for (int c = 0; (c = std::fgetc(file_)) != EOF;) text += static_cast<char>(c);
    return text;
  }

 private:
  std::FILE* file_;
};

// No shell reads the names.
void run_dot(const std::string& format, const std::string& text, const fs::path& to) {
  Unnamed graph, messages;
  graph.write(text);
  std::string words[] = {"dot", "-T" + format, "-o", to.string()};
  char* arguments[] = {words[0].data(), words[1].data(), words[2].data(), words[3].data(), nullptr};
  posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawn_file_actions_adddup2(&actions, graph.descriptor(), STDIN_FILENO);
  ::posix_spawn_file_actions_adddup2(&actions, messages.descriptor(), STDOUT_FILENO);
  ::posix_spawn_file_actions_adddup2(&actions, messages.descriptor(), STDERR_FILENO);
  pid_t child = 0;
  const int error = ::posix_spawnp(&child, "dot", &actions, nullptr, arguments, environ);
  ::posix_spawn_file_actions_destroy(&actions);
  require<IoError>(error != ENOENT,
                   "plot_model: the program 'dot' is not there; install Graphviz (apt-get install "
                   "graphviz), or give .to_file a name that ends in .dot");
  require<IoError>(error == 0, "plot_model: the program 'dot' cannot be started: ", std::strerror(error));
  int status = 0;
  while (::waitpid(child, &status, 0) < 0)
    require<IoError>(errno == EINTR, "plot_model: waiting for 'dot': ", std::strerror(errno));
  require<IoError>(WIFEXITED(status) && WEXITSTATUS(status) == 0, "plot_model: 'dot -T", format,
                   "' failed: ", messages.contents());
}

}  // namespace

void plot_model(const models::Model& model, const PlotModelConfig& config) {
  const std::string text = model_to_dot(model, {.show_shapes = config.show_shapes,
                                                .show_dtype = config.show_dtype,
                                                .show_layer_names = config.show_layer_names,
                                                .rankdir = config.rankdir,
                                                .expand_nested = config.expand_nested,
                                                .dpi = config.dpi,
                                                .show_layer_activations = config.show_layer_activations,
                                                .show_trainable = config.show_trainable,
                                                .splines = config.splines});
  std::string format = fs::path(config.to_file).extension().string();
  format = format.size() < 2 ? "png" : format.substr(1);
  io::AtomicFile file(config.to_file);
  if (format == "dot")
    file.write(text.data(), text.size());
  else
    run_dot(format, text, file.temporary());
  file.commit();
}

}  // namespace cornu::keras::utils
