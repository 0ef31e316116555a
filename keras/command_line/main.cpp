// The program `cornu`: models on the command line.
#include "cornu/keras/command_line/command.h"

int main(int argc, char** argv) { return cornu::command_line::run({argv + 1, argv + argc}); }
