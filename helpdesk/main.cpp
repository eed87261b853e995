#include "helpdesk/cli.hpp"

int main(int argc, char** argv) { return portolan::run_command_line(argc, argv); }
