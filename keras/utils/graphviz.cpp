#include "cornu/keras/utils/internal/graphviz.h"

#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>

#include "cornu/graph/check.h"

extern char** environ;

namespace cornu::keras::utils::internal {

using graph::IoError;
using graph::require;

namespace {

// A file without a name, for what a child process reads and says.
class Unnamed {
 public:
  explicit Unnamed(std::string_view who) : who_(who), file_(std::tmpfile()) {
    require<IoError>(file_ != nullptr, who, ": no temporary file: ", std::strerror(errno));
  }
  ~Unnamed() { std::fclose(file_); }
  Unnamed(const Unnamed&) = delete;
  Unnamed& operator=(const Unnamed&) = delete;
  int descriptor() const { return ::fileno(file_); }
  void write(const std::string& text) {
    const bool whole = std::fwrite(text.data(), 1, text.size(), file_) == text.size() && std::fflush(file_) == 0;
    require<IoError>(whole, who_, ": cannot write a temporary file: ", std::strerror(errno));
    std::rewind(file_);
  }
  std::string contents() {
    std::rewind(file_);
    std::string text;
    for (int c = 0; (c = std::fgetc(file_)) != EOF;) text += static_cast<char>(c);
    return text;
  }

 private:
  std::string who_;
  std::FILE* file_;
};

}  // namespace

void run_graphviz(std::string_view who, std::string_view otherwise, std::vector<std::string> command,
                  const std::string& text, const std::filesystem::path& to) {
  Unnamed graph(who), messages(who);
  graph.write(text);
  command.insert(command.end(), {"-o", to.string()});
  std::vector<char*> arguments;
  for (std::string& word : command) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawn_file_actions_adddup2(&actions, graph.descriptor(), STDIN_FILENO);
  ::posix_spawn_file_actions_adddup2(&actions, messages.descriptor(), STDOUT_FILENO);
  ::posix_spawn_file_actions_adddup2(&actions, messages.descriptor(), STDERR_FILENO);
  pid_t child = 0;
  const int error = ::posix_spawnp(&child, arguments[0], &actions, nullptr, arguments.data(), environ);
  ::posix_spawn_file_actions_destroy(&actions);
  const std::string& program = command[0];
  require<IoError>(error != ENOENT, who, ": the program '", program,
                   "' is not there; install Graphviz (apt-get install graphviz), or ", otherwise);
  require<IoError>(error == 0, who, ": the program '", program, "' cannot be started: ", std::strerror(error));
  int status = 0;
  while (::waitpid(child, &status, 0) < 0)
    require<IoError>(errno == EINTR, who, ": waiting for '", program, "': ", std::strerror(errno));
  require<IoError>(WIFEXITED(status) && WEXITSTATUS(status) == 0, who, ": '", program, ' ', command[1],
                   "' failed: ", messages.contents());
}

}  // namespace cornu::keras::utils::internal
