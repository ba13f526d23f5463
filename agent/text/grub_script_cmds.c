/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The commands of GRUB's shell that a config needs before it starts a kernel, and how the
 * others end. See grub_script_work.h. */
#include <errno.h>
#include <string.h>

#include "text/grub_script_work.h"
#include "text/grubenv.h"

/* What a look at the disk costs, in bytes of the budget. */
#define LOOK_COST 1024

void grub_script_path(
	struct script *x, struct str word, struct str *ret_device, struct str *ret_path)
{
	struct str rest = word;

	if (str_skip(&rest, "(") && str_cut(rest, ')', ret_device, ret_path))
		return;
	*ret_device = grub_script_get(x, STR("root"));
	*ret_path = word;
}

enum grub_found grub_script_look(struct script *x, struct str word, uint64_t *ret_size)
{
	struct str device, path;

	grub_script_path(x, word, &device, &path);
	if (!grub_script_charge(x, LOOK_COST))
		return GRUB_NOTHING;
	return x->host->look(x->host->ctx, device, path, ret_size);
}

/* GRUB reads text without carriage returns. */
bool grub_script_read(struct script *x, struct str word, struct str *ret)
{
	struct strbuf text = {0};
	struct str device, path, data, piece;

	grub_script_path(x, word, &device, &path);
	if (!grub_script_charge(x, LOOK_COST) ||
		!x->host->read(x->host->ctx, device, path, &data))
		return false;
	*ret = data;
	if (!data.n || !memchr(data.p, '\r', data.n))
		return true;
	while (str_item(&data, '\r', &piece))
		strbuf_add(&text, piece);
	*ret = grub_script_take(x, &text);
	return !x->stop;
}

bool grub_script_option(const struct script_args *args, size_t *i, const char *name,
	const char *letter, struct str *ret_value)
{
	struct str word = args->v[*i];

	if (str_is(word, name) || (letter && str_is(word, letter))) {
		if (ret_value && *i + 1 < args->n)
			*ret_value = args->v[++*i];
		return true;
	}
	if (!ret_value || !str_skip(&word, name) || !str_skip(&word, "="))
		return false;
	*ret_value = word;
	return true;
}

static int set(struct script *x, const struct script_call *call)
{
	struct str name, value;

	if (call->args.n && str_cut(call->args.v[0], '=', &name, &value))
		grub_script_set(x, name, value);
	return 0;
}

static int unset(struct script *x, const struct script_call *call)
{
	for (size_t i = 0; i < call->args.n; i++)
		grub_script_unset(x, call->args.v[i]);
	return 0;
}

static int export(struct script *x, const struct script_call *call)
{
	for (size_t i = 0; i < call->args.n; i++)
		grub_script_export(x, call->args.v[i]);
	return 0;
}

static int test(struct script *x, const struct script_call *call)
{
	return !grub_script_test(x, call->args);
}

static uint64_t count(const struct script_call *call, uint64_t otherwise)
{
	struct str rest;
	uint64_t n;

	return call->args.n && grub_script_number(call->args.v[0], &n, &rest) ? n
									      : otherwise;
}

static int leave(struct script *x, const struct script_call *call)
{
	uint64_t n = count(call, 1);

	x->continues = str_is(call->name, "continue");
	x->breaks = n < x->loops ? (unsigned)n : x->loops;
	return 0;
}

static int give_back(struct script *x, const struct script_call *call)
{
	x->returns = x->calls > 0;
	return count(call, (uint64_t)x->status) != 0;
}

static int shift(struct script *x, const struct script_call *call)
{
	uint64_t n = count(call, 1);

	if (n > x->params.n)
		return 1;
	x->params.v += n;
	x->params.n -= (size_t)n;
	return 0;
}

static int setparams(struct script *x, const struct script_call *call)
{
	x->params = call->args;
	return 0;
}

static int eval(struct script *x, const struct script_call *call)
{
	struct strbuf text = {0};

	for (size_t i = 0; i < call->args.n; i++) {
		strbuf_add(&text, call->args.v[i]);
		strbuf_addc(&text, ' ');
	}
	grub_script_run(x, grub_script_take(x, &text));
	return x->status;
}

/* load_env [-f FILE] [VARIABLE...]: those named, or all. */
static int load_env(struct script *x, const struct script_call *call)
{
	struct str file = {0}, data, name, value;
	struct script_args only = {0};

	for (size_t i = 0; i < call->args.n; i++)
		if (!grub_script_option(&call->args, &i, "--file", "-f", &file) &&
			!grub_script_option(&call->args, &i, "--skip-sig", "-s", NULL))
			grub_script_add(x, &only, call->args.v[i]);
	if (!file.n) {
		struct strbuf path = {0};

		strbuf_add(&path, grub_script_get(x, STR("prefix")));
		strbuf_adds(&path, "/grubenv");
		file = grub_script_take(x, &path);
	}
	if (!grub_script_read(x, file, &data) || !grubenv_begin(&data))
		return 1;
	while (!x->stop && grubenv_next(&data, &name, &value)) {
		struct strbuf plain = {0};
		bool wanted = !only.n;

		for (size_t i = 0; i < only.n; i++)
			wanted |= str_eq(only.v[i], name);
		if (!wanted || !grub_script_charge(x, value.n))
			continue;
		grubenv_unescape(value, &plain);
		grub_script_set(x, name, grub_script_take(x, &plain));
	}
	return 0;
}

/* The file that is executed, and its folder, are variables meanwhile. */
static void run_file(struct script *x, struct str word, struct str text)
{
	struct str file = STR("config_file"), folder = STR("config_directory"), device,
		   path, old_file = grub_script_get(x, file),
		   old_folder = grub_script_get(x, folder);
	struct strbuf full = {0};

	grub_script_path(x, word, &device, &path);
	strbuf_addf(&full, "(" STR_FMT ")" STR_FMT, STR_ARG(device), STR_ARG(path));
	path = grub_script_take(x, &full);
	grub_script_set(x, file, path);
	while (path.n && path.p[path.n - 1] != '/')
		path.n--;
	grub_script_set(x, folder, str_upto(path, path.n ? path.n - 1 : 0));
	grub_script_export(x, file);
	grub_script_export(x, folder);
	grub_script_run(x, text);
	if (x->handed_over)
		return;
	grub_script_set(x, file, old_file);
	grub_script_set(x, folder, old_folder);
}

static int source(struct script *x, const struct script_call *call)
{
	struct str text;

	if (call->args.n != 1 || !grub_script_read(x, call->args.v[0], &text))
		return 1;
	run_file(x, call->args.v[0], text);
	return 0;
}

/* Another config's menu is shown in the place of this one, if it has any entry. */
static int configfile(struct script *x, const struct script_call *call)
{
	struct script_env outer = x->env;
	struct grub_menu_entry *v = x->menu->v;
	size_t n = x->menu->n;
	struct str text;

	if (x->entry != GRUB_MENU_TOP)
		return grub_script_chain(x, call);
	if (x->in != GRUB_MENU_TOP || call->args.n != 1 ||
		!grub_script_read(x, call->args.v[0], &text))
		return 0;
	x->env = grub_script_env_copy(x, true);
	x->menu->v = NULL;
	x->menu->n = 0;
	run_file(x, call->args.v[0], text);
	if (x->menu->n) {
		x->handed_over = true;
		return 0;
	}
	x->env = outer;
	x->menu->v = v;
	x->menu->n = n;
	return 0;
}

static int yes(struct script *x, const struct script_call *call)
{
	(void)x;
	(void)call;
	return 0;
}

static int no(struct script *x, const struct script_call *call)
{
	(void)x;
	(void)call;
	return 1;
}

/* Commands of GRUB that are not here end well, as far as a config sees it: they load modules,
 * set up a terminal, or print. Those that do not on a serial console of KVM are. */
static const struct {
	const char *name;
	script_command *run;
} table[] = {
	{"set", set},
	{"unset", unset},
	{"export", export},
	{"[", test},
	{"test", test},
	{"true", yes},
	{"false", no},
	{"break", leave},
	{"continue", leave},
	{"return", give_back},
	{"shift", shift},
	{"setparams", setparams},
	{"eval", eval},
	{"load_env", load_env},
	{"save_env", yes},
	{"source", source},
	{".", source},
	{"configfile", configfile},
	{"search", grub_script_search},
	{"search.fs_uuid", grub_script_search},
	{"search.fs_label", grub_script_search},
	{"search.file", grub_script_search},
	{"search_fs_uuid", grub_script_search},
	{"search_label", grub_script_search},
	{"search_fs_file", grub_script_search},
	{"menuentry", grub_script_menuentry},
	{"submenu", grub_script_menuentry},
	{"blscfg", grub_script_blscfg},
	{"linux", grub_script_linux},
	{"linux16", grub_script_linux},
	{"linuxefi", grub_script_linux},
	{"initrd", grub_script_initrd},
	{"initrd16", grub_script_initrd},
	{"initrdefi", grub_script_initrd},
	{"multiboot", grub_script_multiboot},
	{"multiboot2", grub_script_multiboot},
	{"xen_hypervisor", grub_script_multiboot},
	{"module", grub_script_module},
	{"module2", grub_script_module},
	{"xen_module", grub_script_module},
	{"chainloader", grub_script_chain},
	{"ntldr", grub_script_chain},
	{"legacy_configfile", grub_script_chain},
	{"syslinux_configfile", grub_script_chain},
	{"kfreebsd", grub_script_chain},
	{"knetbsd", grub_script_chain},
	{"kopenbsd", grub_script_chain},
	/* no key is held down, no file of fonts or pictures is looked at */
	{"keystatus", no},
	{"regexp", no},
	{"loadfont", no},
	{"background_image", no},
	{"cmosstat", no},
	{"cmostest", no},
	{"hw_probe", no},
};

static const struct script_function *find_function(
	const struct script *x, struct str name)
{
	for (size_t i = 0; i < x->n_functions; i++)
		if (str_eq(x->functions[i].name, name))
			return &x->functions[i];
	return NULL;
}

void grub_script_command(struct script *x, const struct script_call *call)
{
	const struct script_function *f;
	struct str name, value;

	for (size_t i = 0; i < ARRAY_SIZE(table); i++) {
		if (!str_is(call->name, table[i].name))
			continue;
		x->status = table[i].run(x, call);
		return;
	}
	f = find_function(x, call->name);
	if (f) {
		grub_script_call(x, f->body, call->args);
		return;
	}
	if (str_cut(call->name, '=', &name, &value))
		grub_script_set(x, name, value);
	x->status = 0;
}
