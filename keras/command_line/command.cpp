#include "cornu/keras/command_line/command.h"

#include <algorithm>
#include <iostream>
#include <new>

namespace cornu::command_line {
namespace {

std::vector<Command>& registered() {
  static std::vector<Command> all;
  return all;
}

void print_usage(std::ostream& out) {
  out << "usage: cornu COMMAND …\n\n";
  for (const Command& command : commands())
    out << "  " << command.name << std::string(12 - command.name.size(), ' ') << command.does << '\n';
  out << "\n  cornu COMMAND --help tells more of each; cornu --version\n";
}

void print_help(const Command& command, std::ostream& out) {
  out << "usage: cornu " << command.name << ' ' << command.arguments << "\n\n" << command.does << '\n';
  if (!command.details.empty()) out << '\n' << command.details << '\n';
  out << '\n' << options_of(command);
}

po::variables_map parsed(const Command& command, const std::vector<std::string>& arguments) {
  po::options_description shown = options_of(command), all;
  all.add(shown);
  po::options_description hidden;
  for (const std::string& name : command.positional)
    if (!shown.find_nothrow(name, false))
      hidden.add_options()(name.c_str(), po::value<std::vector<std::string>>()->multitoken());
  all.add(hidden);
  po::positional_options_description positional;
  for (std::size_t i = 0; i < command.positional.size(); ++i)
    positional.add(command.positional[i].c_str(), i + 1 == command.positional.size() ? -1 : 1);
  po::variables_map given;
  po::store(po::command_line_parser(arguments).options(all).positional(positional).run(), given);
  if (given.count("help") == 0)
    for (const std::string& name : command.required)
      if (given.count(name) == 0) throw UsageError("expected " + command.arguments + ": no " + name + " was given");
  po::notify(given);
  return given;
}

int fail(const std::string& name, const std::exception& error) {
  std::cout.flush();
  std::cerr << "cornu " << name << ": " << error.what() << '\n';
  return 1;
}

}  // namespace

const std::vector<Command>& commands() {
  std::vector<Command>& all = registered();
  std::sort(all.begin(), all.end(), [](const Command& a, const Command& b) { return a.name < b.name; });
  return all;
}

Registered::Registered(Command command) { registered().push_back(std::move(command)); }

po::options_description options_of(const Command& command) {
  po::options_description options("options");
  if (command.options) command.options(options.add_options());
  options.add_options()("help,h", "this text");
  return options;
}

int run(const std::vector<std::string>& arguments) {
  if (arguments.empty()) {
    print_usage(std::cerr);
    return 2;
  }
  const std::string& name = arguments[0];
  if (name == "--help" || name == "-h" || name == "help") {
    print_usage(std::cout);
    return 0;
  }
  if (name == "--version") {
    std::cout << "cornu " CORNU_VERSION "\n";
    return 0;
  }
  const auto command =
      std::find_if(commands().begin(), commands().end(), [&](const Command& c) { return c.name == name; });
  if (command == commands().end()) {
    std::cerr << "cornu: there is no command '" << name << "'\n\n";
    print_usage(std::cerr);
    return 2;
  }
  try {
    const po::variables_map given = parsed(*command, {arguments.begin() + 1, arguments.end()});
    if (given.count("help") != 0) {
      print_help(*command, std::cout);
      return 0;
    }
    const int status = command->run(given);
    std::cout.flush();
    return std::cout ? status : fail(name, std::runtime_error("standard output cannot be written"));
  } catch (const po::error& error) {
    std::cerr << "cornu " << name << ": " << error.what() << "; cornu " << name << " --help\n";
    return 2;
  } catch (const UsageError& error) {
    std::cerr << "cornu " << name << ": " << error.what() << "; cornu " << name << " --help\n";
    return 2;
  } catch (const std::bad_alloc&) {
    return fail(name, std::runtime_error("out of memory"));
  } catch (const std::exception& error) {
    return fail(name, error);
  }
}

}  // namespace cornu::command_line
