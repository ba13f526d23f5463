/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The command line: xvd2vd scan | plan | apply | verify | undo | status. */
#pragma once

/* The exit status. */
int cli_main(int argc, char **argv);
