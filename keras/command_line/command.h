#pragma once

#include <boost/program_options.hpp>
#include <functional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace cornu::command_line {

namespace po = boost::program_options;

/// What a command was called with that it cannot be: told with its usage, exit status 2.
struct UsageError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// A command of the program `cornu`, `cornu summary FILE`: it registers itself in its own file.
///
///     const Registered summary({.name = "summary", .arguments = "FILE", .does = "the table of layers", …});
struct Command {
  std::string name, arguments;
  std::string does;                          ///< half a line, for the list of commands
  std::string details = "";                  ///< for `cornu NAME --help`
  std::vector<std::string> positional = {};  ///< the options that stand without their names; the last one repeats
  std::vector<std::string> required = {};    ///< of those
  std::function<void(po::options_description_easy_init)> options = nullptr;
  std::function<int(const po::variables_map&)> run;  ///< gives the exit status
};

/// All commands, by name.
const std::vector<Command>& commands();

struct Registered {
  explicit Registered(Command command);
};

/// The options of a command, with --help.
po::options_description options_of(const Command& command);

/// An option's value.
template <class T>
T get(const po::variables_map& given, const std::string& name) {
  return given[name].as<T>();
}
inline bool has(const po::variables_map& given, const std::string& name) {
  return given.count(name) != 0 && !given[name].defaulted();
}

/// Runs `cornu ARGUMENTS…`; gives the exit status: 0, 1 for what fails (with a line on standard error), 2 for what
/// cannot be understood.
int run(const std::vector<std::string>& arguments);

}  // namespace cornu::command_line
