#include <algorithm>
#include <iostream>

#include "cornu/keras/command_line/command.h"

namespace cornu::command_line {
namespace {

std::string names_of_commands() {
  std::string all;
  for (const Command& command : commands()) all += (all.empty() ? "" : " ") + command.name;
  return all;
}

/// The options of a command that do not stand without their names, with what they mean.
std::vector<std::pair<std::string, std::string>> named_options(const Command& command) {
  std::vector<std::pair<std::string, std::string>> named;
  const po::options_description options = options_of(command);
  for (const auto& option : options.options()) {
    const std::string name = option->long_name();
    if (std::find(command.positional.begin(), command.positional.end(), name) == command.positional.end())
      named.emplace_back("--" + name, option->description());
  }
  return named;
}

// Between single quotes; brackets and colons mean something to zsh.
std::string zsh_text(const std::string& text) {
  std::string quoted;
  for (const char c : text) {
    if (c == '\'')
      quoted += "'\\''";
    else
      quoted += c == '[' || c == ']' || c == ':' ? std::string("\\") + c : std::string(1, c);
  }
  return quoted;
}

void print_bash() {
  std::cout << "_cornu() {\n"
               "  local word=${COMP_WORDS[COMP_CWORD]} options=\n"
               "  if [ \"$COMP_CWORD\" -eq 1 ]; then COMPREPLY=($(compgen -W \""
            << names_of_commands()
            << " --help --version\" -- \"$word\")); return; fi\n"
               "  case ${COMP_WORDS[1]} in\n";
  for (const Command& command : commands()) {
    std::cout << "    " << command.name << ") options=\"";
    for (const auto& [name, does] : named_options(command)) std::cout << name << ' ';
    std::cout << "\" ;;\n";
  }
  std::cout << "  esac\n"
               "  case $word in -*) COMPREPLY=($(compgen -W \"$options\" -- \"$word\")) ;; *) COMPREPLY=($(compgen -f "
               "-- \"$word\")) ;; esac\n"
               "}\n"
               "complete -o filenames -F _cornu cornu\n";
}

void print_zsh() {
  std::cout << "#compdef cornu\n"
               "local -a commands\n"
               "commands=(\n";
  for (const Command& command : commands())
    std::cout << "  '" << command.name << ':' << zsh_text(command.does) << "'\n";
  std::cout << ")\n"
               "if (( CURRENT == 2 )); then _describe command commands; return; fi\n"
               "case $words[2] in\n";
  for (const Command& command : commands()) {
    std::cout << "  " << command.name << ") _arguments";
    for (const auto& [name, does] : named_options(command)) std::cout << " '" << name << '[' << zsh_text(does) << "]'";
    std::cout << " '*:file:_files' ;;\n";
  }
  std::cout << "esac\n";
}

const Registered registered_completion({
    .name = "completion",
    .arguments = "bash|zsh",
    .does = "prints what completes commands and options in a shell",
    .details = "bash: source <(cornu completion bash)\nzsh:  cornu completion zsh > ~/.zfunc/_cornu",
    .positional = {"shell"},
    .required = {"shell"},
    .options = [](auto add) { add("shell", po::value<std::string>(), "bash or zsh"); },
    .run =
        [](const po::variables_map& given) {
          const auto shell = get<std::string>(given, "shell");
          if (shell != "bash" && shell != "zsh") throw UsageError("expected bash or zsh, got '" + shell + "'");
          shell == "bash" ? print_bash() : print_zsh();
          return 0;
        },
});

}  // namespace
}  // namespace cornu::command_line
