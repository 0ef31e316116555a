#pragma once

#include <boost/program_options.hpp>
#include <exception>
#include <functional>
#include <iostream>
#include <optional>
#include <string>

namespace bench {

namespace po = boost::program_options;

/// Reads the options; nothing if the user asked for help, which is printed.
inline std::optional<po::variables_map> parse(int argc, char** argv, po::options_description& options) {
  options.add_options()("help,h", "this text");
  po::variables_map given;
  po::store(po::parse_command_line(argc, argv, options), given);
  if (given.contains("help")) {
    std::cout << options;
    return std::nullopt;
  }
  po::notify(given);
  return given;
}

/// A main function whose errors are a line on standard error and the status 1.
inline int guarded(const char* program, const std::function<int()>& run) {
  try {
    return run();
  } catch (const std::exception& e) {
    std::cerr << program << ": " << e.what() << '\n';
    return 1;
  }
}

}  // namespace bench
