/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One binary, two lives: init of the rescue system, and a command. */
#include <string.h>
#include <unistd.h>

#include "main/cli.h"
#include "main/init.h"

int main(int argc, char **argv)
{
	const char *slash = argc > 0 ? strrchr(argv[0], '/') : NULL;
	const char *name = slash ? slash + 1 : argc > 0 ? argv[0] : "";

	if (getpid() == 1 || strcmp(name, "init") == 0 ||
		(argc == 2 && strcmp(argv[1], "init") == 0))
		return init_main(argc, argv);
	return cli_main(argc, argv);
}
