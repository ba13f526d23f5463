/* SPDX-License-Identifier: GPL-2.0-or-later */
/* lilo.conf. */
#include "check_main.h"
#include "text/lilo_conf.h"

#define DEBIAN                                                                           \
	"# /etc/lilo.conf\nlba32\nboot=/dev/xvda\nroot = /dev/xvda1\n"                   \
	"map=/boot/map\ndefault=LinuxOLD\ndelay=20\nread-only\nappend=\"console=hvc0 "   \
	"a\\\"b\"\n\nimage=/vmlinuz\n\tlabel=Linux # the newer\n\tinitrd=/initrd.img\n"  \
	"image = /vmlinuz.old\n\tlabel=LinuxOLD\n\tappend=quiet "                        \
	"read-write\n\toptional\n"

/* `want`: "label image initrd root append ro" of each entry; '-' where it is empty. */
static const struct row {
	const char *name, *in, *want, *def;
} rows[] = {
	{"Debian", DEBIAN,
		"Linux /vmlinuz /initrd.img /dev/xvda1 console=hvc0 a\\\"b ro\n"
		"LinuxOLD /vmlinuz.old - /dev/xvda1 quiet rw\n",
		"LinuxOLD"},
	{"no label, another system, CRLF",
		"image=/boot/vmlinuz-2.6\r\nroot=current\r\nother=/dev/hda1\r\n "
		"label=dos\r\n table=/dev/hda\r\n",
		"vmlinuz-2.6 /boot/vmlinuz-2.6 - current - rw\ndos - - - - rw\n", "-"},
	{"on one line", "image=/k label=a read-only image=/l label=b",
		"a /k - - - ro\nb /l - - - rw\n", "-"},
	{"addappend", "append=a\nimage=/k\naddappend=\"b c\"\nimage=/l\n",
		"k /k - - a b c rw\nl /l - - a rw\n", "-"},
	{"no entry", "boot=/dev/hda\nlabel=x\n", "", "-"},
	{"a quote that is not closed", "image=/k\nappend=\"a b\nlabel=x\n",
		"k /k - - a b\nlabel=x\n rw\n", "-"},
	{"empty", "", "", "-"},
};

static void add_word(struct strbuf *out, struct str s)
{
	strbuf_addf(out, STR_FMT " ", STR_ARG(s.n ? s : STR("-")));
}

START_TEST(reading)
{
	const struct row *row = &rows[_i];
	struct str in = str_from(row->in), rest = in, def = {0};
	struct lilo_entry ent;
	struct strbuf got = {0};

	lilo_conf_global(in, "default", &def);
	while (lilo_conf_next(in, &rest, &ent)) {
		add_word(&got, ent.label);
		add_word(&got, ent.image);
		add_word(&got, ent.initrd);
		add_word(&got, ent.root);
		add_word(&got, ent.append);
		if (ent.addappend.n)
			add_word(&got, ent.addappend);
		strbuf_adds(&got, ent.read_only ? "ro\n" : "rw\n");
	}
	check_bytes(row->name, strbuf_str(&got), str_from(row->want));
	check_bytes(row->name, def.n ? def : STR("-"), str_from(row->def));
	strbuf_done(&got);
}
END_TEST

static void add(TCase *tc)
{
	tcase_add_loop_test(tc, reading, 0, ARRAY_SIZE(rows));
}

int main(void)
{
	return check_main("lilo_conf", add);
}
