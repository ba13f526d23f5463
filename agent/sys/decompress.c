/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See decompress.h. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "sys/decompress_codec.h"

/* Linux knows lzo too; it is told apart so that the message can name it. */
static const struct codec codec_lzo = {
	.name = "lzo",
	.magic = "\x89\x4c\x5a",
	.magic_n = 3,
};

static const struct codec *const codecs[] = {
	&codec_gzip,
	&codec_xz,
	&codec_zstd,
	&codec_lz4,
	&codec_bzip2,
	&codec_lzma,
	&codec_lzo,
};

struct decompress {
	const struct codec *codec;
	void *state;
	char out[64 * 1024];
};

const char *decompress_detect(struct str head)
{
	for (size_t i = 0; i < ARRAY_SIZE(codecs); i++)
		if (head.n >= codecs[i]->magic_n &&
			!memcmp(head.p, codecs[i]->magic, codecs[i]->magic_n))
			return codecs[i]->name;
	return NULL;
}

int decompress_new(const char *format, struct decompress **ret, struct err *e)
{
	const struct codec *codec = NULL;
	struct decompress *d;

	for (size_t i = 0; i < ARRAY_SIZE(codecs); i++)
		if (!strcmp(codecs[i]->name, format))
			codec = codecs[i];
	if (!codec || !codec->open)
		return err_set(e, -EOPNOTSUPP,
			"compressed with %s, which is not supported", format);
	d = malloc(sizeof(*d));
	if (!d)
		return err_oom(e);
	d->codec = codec;
	d->state = codec->open();
	if (!d->state) {
		free(d);
		return err_oom(e);
	}
	*ret = d;
	return 0;
}

void decompress_free(struct decompress *d)
{
	if (!d)
		return;
	d->codec->close(d->state);
	free(d);
}

int decompress_step(struct decompress *d, struct str *in, bool last, struct str *ret_out,
	struct err *e)
{
	struct codec_io io = {
		.in = *in, .last = last, .out = d->out, .cap = sizeof(d->out)};
	const char *why = NULL;
	int r = d->codec->step(d->state, &io, &why);

	/* A codec that neither takes nor gives wants bytes that are not there. */
	if (r == 0 && last && io.in.n == in->n && !io.result.n)
		r = -ENODATA;
	switch (r) {
	case 0:
	case 1:
		*in = io.in;
		*ret_out = io.result;
		return r;
	case -ENOMEM:
		return err_oom(e);
	case -ENODATA:
		return err_set(e, r, "the %s data is cut short", d->codec->name);
	case -EFBIG:
		return err_set(e, r, "the %s data needs too much memory to decompress",
			d->codec->name);
	default:
		return err_set(e, -EBADMSG, "the %s data is damaged%s%s", d->codec->name,
			why ? ": " : "", why ? why : "");
	}
}
