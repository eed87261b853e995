// The command `portolan`: what the words of a command line ask for, and its exit status (contract: Commands).
#pragma once

namespace portolan {

int run_command_line(int argc, char** argv);

}
