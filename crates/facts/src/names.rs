//! Names: every named object of a device with its definitions and its uses.

use edgelint_model::{Definition, Device, ObjectKind, Use};
use edgelint_source::Span;

/// A named object: defined, used, or both.
#[derive(Clone, Debug)]
pub struct Object<'t> {
    /// What it is.
    pub kind: ObjectKind,
    /// Its name, as its definition writes it, else as its first use does.
    pub name: &'t str,
    /// Statements that define it, in the order of the file; none where it is not defined.
    pub definitions: Vec<Span>,
    /// Uses in the order of the file; none where nothing uses it.
    pub uses: Vec<Use<'t>>,
}

/// All names of a device.
#[derive(Clone, Debug, Default)]
pub struct Names<'t> {
    /// Objects, sorted by kind and name.
    pub objects: Vec<Object<'t>>,
}

impl<'t> Names<'t> {
    /// Uses of objects that are not defined, in the order of the file.
    pub fn undefined(&self) -> impl Iterator<Item = &Use<'t>> {
        let mut uses: Vec<&Use<'t>> = self
            .objects
            .iter()
            .filter(|object| object.definitions.is_empty())
            .flat_map(|object| &object.uses)
            .collect();
        uses.sort_by_key(|one| (one.at, one.kind));
        uses.into_iter()
    }

    /// Objects that are defined and that nothing uses, in order of kind and name.
    pub fn unused(&self) -> impl Iterator<Item = &Object<'t>> {
        self.objects.iter().filter(|object| object.uses.is_empty())
    }

    /// The object of that kind and name.
    pub fn object(&self, kind: ObjectKind, name: &str) -> Option<&Object<'t>> {
        let at =
            self.objects.binary_search_by(|object| (object.kind, object.name).cmp(&(kind, name)));
        self.objects.get(at.ok()?)
    }
}

impl<'t> Names<'t> {
    /// Joins the definitions and uses that were recorded while the device was read, and takes them
    /// out of it.
    pub(crate) fn of(device: &mut Device<'t>) -> Self {
        let mut definitions = std::mem::take(&mut device.definitions);
        let define = |kind| move |(name, at)| Definition { kind, name, at };
        let interfaces = device.interfaces.iter().map(|one| (one.name, one.at));
        definitions.extend(interfaces.map(define(ObjectKind::Interface)));
        let vrfs = device.vrfs.iter().map(|one| (one.name, one.at));
        definitions.extend(vrfs.map(define(ObjectKind::Vrf)));
        let mut uses = std::mem::take(&mut device.uses);
        uses.sort_by_key(|one| (one.kind, one.name, one.at));
        let mut objects = defined(&definitions);
        let n_defined = objects.len();
        for one in uses {
            let (defined, fresh) = objects.split_at_mut(n_defined);
            if let Some(object) = defined_object(defined, &one) {
                object.uses.push(one);
                continue;
            }
            match fresh.last_mut().filter(|last| (last.kind, last.name) == (one.kind, one.name)) {
                Some(last) => last.uses.push(one),
                None => objects.push(Object {
                    kind: one.kind,
                    name: one.name,
                    definitions: Vec::new(),
                    uses: vec![one],
                }),
            }
        }
        objects.sort_by_key(|object| (object.kind, object.name));
        objects.iter_mut().for_each(|object| object.uses.shrink_to_fit());
        objects.shrink_to_fit();
        Self { objects }
    }
}

/// The objects that are defined, sorted by kind and name. Lists are defined entry by entry, so
/// definitions of one object stand in long rows, and rows are what is sorted.
fn defined<'t>(definitions: &[Definition<'t>]) -> Vec<Object<'t>> {
    let mut rows: Vec<&[Definition<'t>]> =
        definitions.chunk_by(|a, b| (a.kind, a.name) == (b.kind, b.name)).collect();
    let key = |row: &[Definition<'t>]| row.first().map(|one| (one.kind, one.name));
    rows.sort_by_key(|row| key(row));
    let of_one = |rows: &[&[Definition<'t>]]| {
        let (kind, name) = key(rows.first()?)?;
        let mut definitions = Vec::with_capacity(rows.iter().map(|row| row.len()).sum());
        definitions.extend(rows.iter().flat_map(|row| row.iter()).map(|one| one.at));
        definitions.sort_unstable();
        // An interface may be recorded twice, by its heading and as an interface.
        definitions.dedup_by(|later, earlier| earlier.contains(*later));
        Some(Object { kind, name, definitions, uses: Vec::new() })
    };
    rows.chunk_by(|a, b| key(a) == key(b)).filter_map(of_one).collect()
}

/// The object a use means. Interface names are compared without regard to case, as devices do.
fn defined_object<'o, 't>(
    objects: &'o mut [Object<'t>],
    one: &Use<'t>,
) -> Option<&'o mut Object<'t>> {
    let key = (one.kind, one.name);
    let at = objects.binary_search_by(|object| (object.kind, object.name).cmp(&key)).ok();
    let folded = || {
        let same = |object: &Object<'t>| {
            object.kind == one.kind && object.name.eq_ignore_ascii_case(one.name)
        };
        match one.kind {
            ObjectKind::Interface => objects.iter().position(same),
            _ => None,
        }
    };
    let at = at.or_else(folded)?;
    objects.get_mut(at)
}
