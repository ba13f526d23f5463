/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Gives every file of the folders (or every file) named on the command line to a fuzz
 * target once, so that ordinary test runs replay its corpus without libFuzzer. */
#include <errno.h>
#include <ftw.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static unsigned long replayed;

static int replay(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	size_t n = (size_t)st->st_size;
	uint8_t *data;
	FILE *f;

	(void)ftw;
	if (type != FTW_F)
		return 0;
	f = fopen(path, "re");
	data = malloc(n ? n : 1);
	if (!f || !data || fread(data, 1, n, f) != n) {
		fprintf(stderr, "replay: cannot read %s: %s\n", path, strerror(errno));
		exit(EXIT_FAILURE);
	}
	fclose(f);
	/* Said before it is run: the last line tells which file crashed. */
	printf("%s (%zu bytes)\n", path, n);
	fflush(stdout);
	LLVMFuzzerTestOneInput(data, n);
	free(data);
	replayed++;
	return 0;
}

int main(int argc, char **argv)
{
	for (int i = 1; i < argc; i++) {
		if (nftw(argv[i], replay, 16, FTW_PHYS) != 0) {
			fprintf(stderr, "replay: cannot read %s: %s\n", argv[i],
				strerror(errno));
			return EXIT_FAILURE;
		}
	}
	if (!replayed) {
		fprintf(stderr, "replay: no corpus file in the folders given\n");
		return EXIT_FAILURE;
	}
	return EXIT_SUCCESS;
}
