#include "cornu/keras/utils/console.h"

#include <unistd.h>

#include <chrono>
#include <iostream>

namespace cornu::keras::utils {

Console Console::standard() {
  return {&std::cout, ::isatty(STDOUT_FILENO) == 1,
          [] { return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count(); }};
}

void print_message(std::string_view text) { std::cout << text << '\n' << std::flush; }
void warn(std::string_view text) { std::cerr << "Warning: " << text << '\n' << std::flush; }

}  // namespace cornu::keras::utils
